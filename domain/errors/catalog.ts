/**
 * Every failure a person or a program can meet, in one list.
 *
 * `status` is the HTTP status; `retry` says whether the same request may succeed later without anybody's help;
 * `message` is the sentence a person reads; what it means to practice IT stands in operator-notes.ts. On the wire each
 * becomes RFC 9457 `application/problem+json` with the code. docs/reference/errors.md is generated from both lists.
 */
export interface ErrorEntry {
  readonly status: number;
  readonly retry: boolean;
  readonly message: string;
}

const entry = (status: number, retry: boolean, message: string): ErrorEntry => ({ status, retry, message });

export const errorCatalog = {
  // Requests
  malformed_request: entry(400, false, "The request could not be read."),
  not_found: entry(404, false, "There is nothing here."),
  method_not_allowed: entry(405, false, "This address does not work that way."),
  unsupported_media_type: entry(415, false, "This kind of content is not accepted here."),
  payload_too_large: entry(413, false, "That is too large to send."),
  origin_refused: entry(403, false, "This page is not allowed to talk to the clinic."),
  too_many_requests: entry(429, true, "Too many tries. Please wait a moment."),
  internal_error: entry(500, true, "Something went wrong at the clinic. Your work is kept."),
  // Who is asking
  unauthenticated: entry(401, false, "Please sign in."),
  invalid_token: entry(401, false, "Please sign in again."),
  token_revoked: entry(401, false, "This token was revoked."),
  token_unconfirmed: entry(401, false, "The security officer has to confirm this token."),
  session_ended: entry(401, false, "Your session has ended. Please sign in again."),
  access_ended: entry(401, false, "Your access to this practice has ended. What waits here is still sent."),
  wrong_credentials: entry(401, false, "The name or password is not right."),
  code_required: entry(401, false, "A code from your authenticator app is needed, too."),
  wrong_code: entry(401, false, "That code is not right, or was used before. Wait for the next one."),
  passkey_refused: entry(401, false, "That passkey was not accepted."),
  passkey_needs_name: entry(409, false, "Passkeys need the clinic's name in the address."),
  passkey_limit: entry(409, false, "Remove another passkey first."),
  password_needed: entry(401, false, "Please give your password again."),
  refresh_reused: entry(401, false, "Please sign in again."),
  device_not_enrolled: entry(403, false, "This tablet is not enrolled at this practice yet."),
  device_revoked: entry(403, false, "This tablet was removed from the practice."),
  device_wiped: entry(403, false, "This tablet was wiped by the clinic."),
  invalid_signature: entry(401, false, "This device could not prove who it is."),
  set_up_code_wrong: entry(401, false, "That code is not right. Look at it again, letter by letter."),
  set_up_code_expired: entry(
    409,
    false,
    "That code has run out, or a newer one was made. Whoever installed JamEMR can make another.",
  ),
  set_up_code_used: entry(409, false, "That code was used already. Sign in instead."),
  role_not_held: entry(403, false, "You do not hold that role."),
  // Rights
  forbidden: entry(403, false, "Your role does not allow this. The attempt was recorded."),
  scope_missing: entry(403, false, "This token may not do that. The attempt was recorded."),
  not_yours: entry(403, false, "Only the person who wrote it can do this."),
  // Sync
  epoch_mismatch: entry(409, true, "The clinic's records were restored; this tablet is catching up."),
  history_shorter: entry(409, false, "The clinic's log of what happened is not that long."),
  set_aside_before: entry(409, false, "You had decided about this."),
  yields_to_others: entry(409, true, "Other work came first, and another tablet may still give that back."),
  client_unknown: entry(409, true, "This tablet is introducing itself again."),
  client_fork: entry(
    409,
    false,
    "This was written on a copy of another tablet. It is kept at the clinic, for a colleague to review.",
  ),
  hash_mismatch: entry(422, false, "A change arrived damaged and was not applied. It is kept on the tablet."),
  version_too_new: entry(409, true, "The clinic is being updated. This waits until then."),
  version_too_old: entry(
    422,
    false,
    "This was written too long ago. It is kept at the clinic, for a colleague to review.",
  ),
  unknown_mutation: entry(422, false, "The clinic does not know this kind of change."),
  invalid_arguments: entry(422, false, "A value in this change is not allowed."),
  missing_parent: entry(422, false, "What this belongs to is not at the clinic."),
  already_exists: entry(409, false, "This already exists."),
  revoked_before_arrival: entry(
    403,
    false,
    "Your rights changed before this arrived. A colleague can review it.",
  ),
  envelope_unreadable: entry(422, false, "This change could not be opened. It is kept sealed at the clinic."),
  own_review: entry(403, false, "Somebody else has to review what you did."),
  already_reviewed: entry(409, false, "Somebody has already reviewed this."),
  quarantine_decided: entry(409, false, "Somebody has already decided about this."),
  quarantine_earlier_first: entry(409, false, "Decide first about what was written before it."),
  quarantine_own_hand: entry(
    403,
    false,
    "Only the author can sign, or take a signature back. You can discard this.",
  ),
  handover_not_refused: entry(
    409,
    false,
    "The clinic did not refuse this change, so it cannot be handed over.",
  ),
  handover_exists: entry(409, false, "This is with a colleague already."),
  handover_colleague: entry(409, false, "This colleague may not decide about it. Choose another one."),
  handover_undecided: entry(409, false, "Nobody has decided about this yet."),
  capture_decided: entry(409, false, "Somebody else has already matched or discarded this."),
  capture_in_visit: entry(409, false, "Its recording is in a visit. Its author can move it from there."),
  audit_unavailable: entry(
    503,
    true,
    "The clinic cannot record this right now. Your work is kept on this device.",
  ),
  database_unavailable: entry(
    503,
    true,
    "The clinic's database is not answering. Your work is kept on this device.",
  ),
  // Scheduling
  slot_taken: entry(409, false, "That time was just taken."),
  slot_held: entry(409, false, "That time is held for another desk."),
  approval_not_open: entry(409, false, "This request is not open any more, or not yet."),
  approval_changed: entry(
    409,
    false,
    "What this request would change is not what was shown any more. Ask again.",
  ),
  same_visit: entry(409, false, "The recording is in that visit already."),
  same_patient: entry(400, false, "Both are the same patient: choose another one."),
  patient_merged: entry(409, false, "This record was merged into another one. Work with that one."),
  demographics_conflict: entry(
    409,
    false,
    "Somebody else changed the same thing. Both values are kept: choose one on the patient's page.",
  ),
  demographics_decided: entry(409, false, "Somebody has already decided between these two values."),
  patient_not_merged: entry(409, false, "These two records are not merged."),
  merge_waiting: entry(409, false, "One of these records has a merge request that waits already."),
  care_teams_apart: entry(409, false, "Nobody could open the merged chart: change the care teams first."),
  practice_in_set_up: entry(
    409,
    false,
    "The practice is still being set up: this is possible once both officers have accepted.",
  ),
  practice_is_open: entry(409, false, "The practice is open. From now on officers change by an approval."),
  statement_needed: entry(
    422,
    false,
    "One person in more than one of these offices: write down why the practice wants it so.",
  ),
  naming_decided: entry(409, false, "This was decided already, or somebody else was named."),
  self_approval: entry(403, false, "Somebody else must decide this."),
  last_of_role: entry(409, false, "The practice would be left without anybody in this role."),
  weak_password: entry(422, false, "Choose another password: this one is too short or too easy to guess."),
  longer_password_first: entry(
    409,
    false,
    "Choose a password of at least 15 characters first: yours is too short to stand alone.",
  ),
  no_second_factor: entry(409, false, "No second factor is set up."),
  password_change_required: entry(403, false, "Choose a password of your own first."),
  step_not_undoable: entry(409, false, "This step cannot be taken back."),
  day_not_begun: entry(409, false, "The appointment is on a later day. Move it to today first."),
  not_bookable: entry(409, false, "That cannot be booked: the patient or clinician is no longer active."),
  chart_restricted: entry(403, false, "This chart is restricted to the patient's care team."),
  chart_is_open: entry(409, false, "This chart is open to you already."),
  glass_is_broken: entry(409, false, "This can be reviewed when the chart is closed again."),
  entry_changed: entry(
    409,
    false,
    "Somebody changed this entry since you looked. Look again before you decide.",
  ),
  entry_closed: entry(409, false, "This entry has been closed and does not change any more."),
  value_not_confirmed: entry(422, false, "A value looks wrong. Check it and confirm it."),
  clinical_only: entry(422, false, "Clinical work goes to clinical people only."),
  status_not_forward: entry(409, false, "This has already moved on."),
  // Notes
  note_signed: entry(409, false, "This note is signed and cannot change. Write an addendum instead."),
  unknown_revision: entry(409, false, "The text you signed is not at the clinic. Nothing was sealed."),
  template_not_accepted: entry(422, false, "Words of a template were not accepted yet. Nothing was sealed."),
  unlock_required: entry(403, false, "Please unlock again before signing."),
  // Recordings and AI
  consent_missing: entry(422, false, "The patient has not agreed to the recording."),
  recording_closed: entry(409, false, "This recording is already complete."),
  checksum_mismatch: entry(422, true, "The recording arrived damaged and will be sent again."),
  recording_differs: entry(
    422,
    false,
    "What arrived of this recording is not what the tablet sent. It is kept as it arrived.",
  ),
  part_missing: entry(409, true, "A piece of the recording has not arrived yet."),
  upload_offset_wrong: entry(409, true, "The recording goes on from another place."),
  upload_busy: entry(423, true, "This piece of the recording is being sent already."),
  no_audio: entry(422, false, "Nothing was recorded."),
  no_answer: entry(503, true, "No AI node finished this recording."),
  storage_full: entry(507, true, "The clinic's disk is full. Your recording stays on this tablet."),
  job_not_held: entry(409, false, "This job belongs to another worker now."),
  unsupported_audio: entry(422, false, "This recording's sound format cannot be read."),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorCatalog;

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorCatalog, code);

/** An expected failure with a stable code. `detail` is shown to the caller: never clinical content. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly detail: unknown;

  constructor(code: ErrorCode, detail?: unknown) {
    super(errorCatalog[code].message);
    this.name = "DomainError";
    this.code = code;
    this.detail = detail;
  }

  get status(): number {
    return errorCatalog[this.code].status;
  }
}
