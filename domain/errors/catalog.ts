/**
 * Every failure a person or a program can meet, in one list.
 *
 * `status` is the HTTP status; `retry` says whether the same request may succeed later without anybody's help;
 * `message` is the sentence a person reads; `operator` tells practice IT what it means. On the wire each becomes
 * RFC 9457 `application/problem+json` with the code. docs/reference/errors.md is generated from this list.
 */
export interface ErrorEntry {
  readonly status: number;
  readonly retry: boolean;
  readonly message: string;
  readonly operator: string;
}

const entry = (status: number, retry: boolean, message: string, operator: string): ErrorEntry => ({
  status,
  retry,
  message,
  operator,
});

export const errorCatalog = {
  // Requests
  malformed_request: entry(
    400,
    false,
    "The request could not be read.",
    "The body is not valid JSON or does not match the published schema; `detail` names the field.",
  ),
  not_found: entry(404, false, "There is nothing here.", "Unknown address or record."),
  method_not_allowed: entry(
    405,
    false,
    "This address does not work that way.",
    "The HTTP method is not offered at this path.",
  ),
  unsupported_media_type: entry(
    415,
    false,
    "This kind of content is not accepted here.",
    "Send application/json, or the media type in the reference.",
  ),
  payload_too_large: entry(
    413,
    false,
    "That is too large to send.",
    "The body is over the limit of this route.",
  ),
  origin_refused: entry(
    403,
    false,
    "This page is not allowed to talk to the clinic.",
    "The Origin header is not the practice's own address: see JAMEMR_HOSTNAME.",
  ),
  too_many_requests: entry(
    429,
    true,
    "Too many tries. Please wait a moment.",
    "Throttled; Retry-After says how long.",
  ),
  internal_error: entry(
    500,
    true,
    "Something went wrong at the clinic. Your work is kept.",
    "A defect: report it with the request id found in the log.",
  ),
  // Who is asking
  unauthenticated: entry(401, false, "Please sign in.", "No usable access token."),
  invalid_token: entry(
    401,
    false,
    "Please sign in again.",
    "The token is malformed, expired, for another audience, or not registered.",
  ),
  token_revoked: entry(401, false, "This token was revoked.", "A revoked service token was presented."),
  session_ended: entry(
    401,
    false,
    "Your session has ended. Please sign in again.",
    "The session row is closed, expired, or its user is disabled.",
  ),
  wrong_credentials: entry(
    401,
    false,
    "The name or password is not right.",
    "Failed sign-in; repeated ones are throttled.",
  ),
  refresh_reused: entry(
    401,
    false,
    "Please sign in again.",
    "A used refresh token was presented from another device: its whole family was revoked.",
  ),
  device_not_enrolled: entry(
    403,
    false,
    "This tablet is not enrolled at this practice yet.",
    "Enrol it by QR code or code first.",
  ),
  device_revoked: entry(
    403,
    false,
    "This tablet was removed from the practice.",
    "The device row is revoked.",
  ),
  invalid_signature: entry(
    401,
    false,
    "This device could not prove who it is.",
    "A device or envelope signature does not verify.",
  ),
  role_not_held: entry(
    403,
    false,
    "You do not hold that role.",
    "The role is not among the user's roles now.",
  ),
  // Rights
  forbidden: entry(
    403,
    false,
    "Your role does not allow this. The attempt was recorded.",
    "Denied by the permission matrix; see the audit record.",
  ),
  scope_missing: entry(
    403,
    false,
    "This token may not do that. The attempt was recorded.",
    "The token's scopes do not include the permission.",
  ),
  not_yours: entry(403, false, "Only the person who wrote it can do this.", "Allowed for own records only."),
  // Sync
  epoch_mismatch: entry(
    409,
    true,
    "The clinic's records were restored; this tablet is catching up.",
    "The client's epoch is not the server's.",
  ),
  client_unknown: entry(
    409,
    true,
    "This tablet is introducing itself again.",
    "clientId belongs to no client of this user and device.",
  ),
  client_fork: entry(
    409,
    false,
    "This tablet's history differs from the clinic's. Your work is kept; call IT.",
    "Same mutation number with another hash: a copied profile.",
  ),
  sequence_gap: entry(409, true, "Earlier work has to arrive first.", "Mutation n is beyond lastN + 1."),
  hash_mismatch: entry(
    422,
    false,
    "A change arrived damaged and was not applied. It is kept on the tablet.",
    "The mutation's hash is not that of its canonical form.",
  ),
  unknown_mutation: entry(
    422,
    false,
    "The clinic does not know this kind of change.",
    "Name or version is not in the registry.",
  ),
  invalid_arguments: entry(
    422,
    false,
    "A value in this change is not allowed.",
    "Mutation arguments do not match their schema.",
  ),
  missing_parent: entry(
    422,
    false,
    "What this belongs to is not at the clinic.",
    "A referenced record does not exist.",
  ),
  already_exists: entry(
    409,
    false,
    "This already exists.",
    "A record with this id or key exists with other content.",
  ),
  revoked_before_arrival: entry(
    403,
    false,
    "Your rights changed before this arrived. A colleague can review it.",
    "Written before a revocation; kept in quarantine.",
  ),
  envelope_unreadable: entry(
    422,
    false,
    "This change could not be opened. It is kept sealed at the clinic.",
    "A signed envelope does not open with this practice's key, or holds another change than it says; see the quarantine.",
  ),
  audit_unavailable: entry(
    503,
    true,
    "The clinic cannot record this right now. Your work is kept on this device.",
    "The audit record could not be written, so nothing was changed.",
  ),
  database_unavailable: entry(
    503,
    true,
    "The clinic's database is not answering. Your work is kept on this device.",
    "PostgreSQL refused or lost the connection.",
  ),
  // Scheduling
  slot_taken: entry(
    409,
    false,
    "That time was just taken.",
    "Overlapping appointment for the clinician and lane.",
  ),
  approval_not_open: entry(
    409,
    false,
    "This request is not open any more, or not yet.",
    "The approval was decided, ran out, was withdrawn or carried out; `detail` says which.",
  ),
  approval_changed: entry(
    409,
    false,
    "What this request would change is not what was shown any more. Ask again.",
    "The digest named differs from the stored one, or the difference worked out now does; such a request is void.",
  ),
  same_patient: entry(
    400,
    false,
    "These are not two records: choose another one.",
    "A merge named one record twice, or two records that are one person's already.",
  ),
  patient_merged: entry(
    409,
    false,
    "This record was merged into another one. Work with that one.",
    "The record has a survivor: it is not merged again, and its name, birth date or sex do not replace the survivor's.",
  ),
  patient_not_merged: entry(
    409,
    false,
    "These two records are not merged.",
    "The record to be parted has no survivor, or another one than the request names.",
  ),
  merge_waiting: entry(
    409,
    false,
    "One of these records has a merge request that waits already.",
    "A record takes part in one request to merge or part at a time; `detail.approvalId` names the one that waits.",
  ),
  care_teams_apart: entry(
    409,
    false,
    "Nobody could open the merged chart: change the care teams first.",
    "Both charts are restricted and no one is in both care teams.",
  ),
  self_approval: entry(
    403,
    false,
    "Somebody else must decide this.",
    "The person asked for it, gains by it, or is the one it is about.",
  ),
  last_of_role: entry(
    409,
    false,
    "The practice would be left without anybody in this role.",
    "The last administrator, privacy officer or security officer cannot be removed or disabled.",
  ),
  weak_password: entry(
    422,
    false,
    "Choose a longer password: at least 15 characters, not a common phrase or your own name.",
    "The new password is too short, on the block-list, or made of the user name.",
  ),
  password_change_required: entry(
    403,
    false,
    "Choose a password of your own first.",
    "The person signed in with a one-time password; POST /api/session/password replaces it.",
  ),
  step_not_undoable: entry(
    409,
    false,
    "This step cannot be taken back.",
    "The appointment's last step is not a check-in, rooming, confirmation or no-show.",
  ),
  not_bookable: entry(
    409,
    false,
    "That cannot be booked: the patient or clinician is no longer active.",
    "The patient is deceased, merged or inactive, or the clinician or visit type is no longer active.",
  ),
  chart_restricted: entry(
    403,
    false,
    "This chart is restricted to the patient's care team.",
    "The chart is restricted and the person is not in its care team.",
  ),
  entry_changed: entry(
    409,
    false,
    "Somebody changed this entry since you looked. Look again before you decide.",
    "The `seen` change is not the entry's last one.",
  ),
  entry_closed: entry(
    409,
    false,
    "This entry has been closed and does not change any more.",
    "The fact is stopped, resolved, ended or entered in error.",
  ),
  value_not_confirmed: entry(
    422,
    false,
    "A value looks wrong. Check it and confirm it.",
    "A measurement is outside its plausible range and was not confirmed; `detail` names the code.",
  ),
  clinical_only: entry(
    422,
    false,
    "Clinical work goes to clinical people only.",
    "A clinical task or message was addressed to a person or pool without a clinical role.",
  ),
  status_not_forward: entry(
    409,
    false,
    "This appointment has already moved on.",
    "A status may only move forward.",
  ),
  // Notes
  note_signed: entry(
    409,
    false,
    "This note is signed and cannot change. Write an addendum instead.",
    "Change to a signed note refused.",
  ),
  unknown_revision: entry(
    409,
    false,
    "The text you signed is not at the clinic. Nothing was sealed.",
    "Revision id or hash is not known for this note.",
  ),
  unlock_required: entry(
    403,
    false,
    "Please unlock again before signing.",
    "The last unlock is older than 15 minutes.",
  ),
  // Recordings and AI
  consent_missing: entry(
    422,
    false,
    "The patient has not agreed to the recording.",
    "Recording begun without a consent.",
  ),
  recording_closed: entry(
    409,
    false,
    "This recording is already complete.",
    "Part for a completed recording refused.",
  ),
  checksum_mismatch: entry(
    422,
    true,
    "The recording arrived damaged and will be sent again.",
    "SHA-256 of a part differs from the tablet's.",
  ),
  recording_differs: entry(
    422,
    false,
    "What arrived of this recording is not what the tablet sent. It is kept as it arrived.",
    "A stored part's SHA-256 is not the one that the tablet named when it completed the recording.",
  ),
  part_missing: entry(
    409,
    true,
    "A piece of the recording has not arrived yet.",
    "Complete before all parts are durable.",
  ),
  upload_offset_wrong: entry(
    409,
    true,
    "The recording goes on from another place.",
    "Upload-Offset is not where the upload stands: ask with HEAD.",
  ),
  upload_busy: entry(
    423,
    true,
    "This piece of the recording is being sent already.",
    "Another request holds the upload.",
  ),
  no_audio: entry(422, false, "Nothing was recorded.", "The recording was completed without any part."),
  no_answer: entry(
    503,
    true,
    "No AI node finished this recording.",
    "The job ran out of tries without an answer of its node; practice IT may send it again.",
  ),
  storage_full: entry(
    507,
    true,
    "The clinic's disk is full. Your recording stays on this tablet.",
    "No space left in the data folder.",
  ),
  job_not_held: entry(
    409,
    false,
    "This job belongs to another worker now.",
    "The AI job was not claimed by this token, or its claim expired.",
  ),
  unsupported_audio: entry(
    422,
    false,
    "This recording's sound format cannot be read.",
    "The decoder refused the bytes.",
  ),
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
