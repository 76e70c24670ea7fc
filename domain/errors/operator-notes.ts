import type { ErrorCode } from "./catalog.ts";

/** What each failure means to practice IT. Apart from the sentences people read, so that tablets need not carry it. */
export const operatorNotes: Readonly<Record<ErrorCode, string>> = {
  malformed_request:
    "The body is not valid JSON or does not match the published schema; `detail` names the field.",
  not_found: "Unknown address or record.",
  method_not_allowed: "The HTTP method is not offered at this path.",
  unsupported_media_type: "Send application/json, or the media type in the reference.",
  payload_too_large: "The body is over the limit of this route.",
  origin_refused: "The Origin header is not the practice's own address: see JAMEMR_HOSTNAME.",
  too_many_requests: "Throttled; Retry-After says how long.",
  internal_error: "A defect: report it with the request id found in the log.",
  unauthenticated: "No usable access token.",
  invalid_token: "The token is malformed, expired, for another audience, or not registered.",
  token_revoked: "A revoked service token was presented.",
  session_ended: "The session row is closed, expired, or its user is disabled.",
  access_ended:
    "The person's access was ended. Told to their tablets at a refresh: they hide what they hold, and deliver what waits by their device key.",
  wrong_credentials: "Failed sign-in; repeated ones are throttled.",
  code_required:
    "The password was right and a second factor is set up (or the password is shorter than 15 characters): send `code`. `detail` names what would do. Nobody is told this who does not know the password.",
  wrong_code:
    "Not a code of the present 30 seconds or the step beside them, used before, or no unused recovery code. Counted and throttled like a wrong password. When it happens to many, check the server's clock.",
  passkey_refused:
    "Unknown or removed passkey, disabled person, used or old challenge, wrong origin or counter; the audit record of a sign-in says which.",
  passkey_needs_name:
    "Passkeys are bound to JAMEMR_HOSTNAME (default <host>.local) or localhost; the page was opened under another name or an IP address.",
  passkey_limit: "20 passkeys for each person.",
  password_needed:
    "A passkey is registered within 15 minutes after a sign-in, or with the password in the request.",
  refresh_reused: "A used refresh token was presented from another device: its whole family was revoked.",
  device_not_enrolled:
    "In a real practice that has opened, a new device is enrolled by its first sign-in at the clinic's own machine (http://localhost) alone.",
  device_revoked: "The device row is revoked.",
  device_wiped:
    "The device was asked to wipe itself. Until it says that it has, nothing is taken from it; after that its work goes to quarantine.",
  invalid_signature: "A device or envelope signature does not verify.",
  set_up_code_wrong: "No code of this practice. Counted and throttled like a wrong password, and recorded.",
  set_up_code_expired:
    "Older than 72 hours, or replaced: run `jamemr init` with the same data folder for a new one.",
  set_up_code_used: "Somebody entered the practice with it; the audit log says who and when.",
  practice_in_set_up:
    "No patient, nothing clinical and no role is changed before both officers accepted; see Set-up in the practice.",
  practice_is_open: "Officers are named and accept only while the practice is in set-up.",
  statement_needed:
    "Administrator, privacy officer and security officer are three people, unless `statement` says why not. Its digest stands in the audit record.",
  naming_decided: "The naming was accepted, declined or replaced before.",
  role_not_held: "The role is not among the user's roles now.",
  forbidden: "Denied by the permission matrix; see the audit record.",
  scope_missing: "The token's scopes do not include the permission.",
  not_yours: "Allowed for own records only.",
  token_unconfirmed:
    "The practice was restored from a backup. The token works again once the security officer confirms it.",
  history_shorter:
    "A tablet or the AI node has seen a longer audit log than the one that is here: records were cut off, or the database was put back without `jamemr restore`.",
  set_aside_before:
    "Given back after a restore only to keep the numbers whole: the clinic had refused it, and its author has decided.",
  yields_to_others:
    "Given back after a restore. It had come after other work that decided the same before the backup was lost; held for up to seven days, until that is back.",
  epoch_mismatch: "The client's epoch is not the server's.",
  client_unknown: "clientId belongs to no client of this user and device.",
  client_fork:
    "Same mutation number with another hash: a copied browser profile. Kept in quarantine; the dashboard names the device.",
  hash_mismatch: "The mutation's hash is not that of its canonical form.",
  version_too_new:
    "The tablet runs a later release than the server: update the server. The tablet keeps the change and sends it again.",
  version_too_old:
    "Written in a version of the mutation that ended more than 120 days ago, or that this release cannot read; kept in quarantine.",
  unknown_mutation: "The name is not in the registry.",
  invalid_arguments: "Mutation arguments do not match their schema.",
  missing_parent: "A referenced record does not exist.",
  already_exists: "A record with this id or key exists with other content.",
  revoked_before_arrival: "Written before a revocation; kept in quarantine.",
  envelope_unreadable:
    "A signed envelope does not open with this practice's key, or holds another change than it says; see the quarantine.",
  own_review: "The reviewer is the person whose access it was.",
  already_reviewed: "The emergency access, or the opened chart, was reviewed before.",
  quarantine_decided: "The item was adopted or discarded before; `detail` says which.",
  quarantine_earlier_first:
    "The item builds on one of the same tablet that nobody has decided yet; `detail` names it.",
  quarantine_own_hand:
    "A signature or its withdrawal in quarantine: it is never carried out for somebody else.",
  handover_not_refused:
    "The work to hand over is not a refused mutation of this person, by id and hash; or only its author's own hand can do it.",
  handover_exists: "The same refused mutation is handed over and undecided, or was adopted.",
  handover_colleague:
    "The colleague is the author, is disabled, holds no role that decides work of this sort and could do it, or the chart is restricted.",
  handover_undecided: "Handed work is put away once it was decided or taken back.",
  capture_decided:
    "What was unassigned is matched or discarded; the first decision stands. `detail` says which.",
  capture_in_visit: "What was matched cannot become unassigned again once its sound is a visit's recording.",
  audit_unavailable: "The audit record could not be written, so nothing was changed.",
  database_unavailable: "PostgreSQL refused or lost the connection.",
  slot_taken: "Overlapping appointment for the clinician and lane.",
  slot_held:
    "A desk's device may promise this time while it is offline; the lease ends at its `until`, or when the device is revoked.",
  approval_not_open: "The approval was decided, ran out, was withdrawn or carried out; `detail` says which.",
  approval_changed:
    "The digest named differs from the stored one, or the difference worked out now does; such a request is void.",
  same_visit: "A recording was to be moved to the visit that it is in.",
  same_patient: "A merge named one record twice, or two records that are one person's already.",
  patient_merged:
    "The record has a survivor: it is not merged again, and its name, birth date or sex do not replace the survivor's.",
  demographics_conflict:
    "Two people changed a name, birth date or sex apart from each other. The rest of the change is stored; `detail.waits` names the fields that wait and `detail.reviews` the questions, which anyone who may change demographics decides.",
  demographics_decided: "The question was decided before; the first decision stands.",
  patient_not_merged: "The record to be parted has no survivor, or another one than the request names.",
  merge_waiting:
    "A record takes part in one request to merge or part at a time; `detail.approvalId` names the one that waits.",
  care_teams_apart: "Both charts are restricted and no one is in both care teams.",
  self_approval: "The person asked for it, gains by it, or is the one it is about.",
  last_of_role: "The last administrator, privacy officer or security officer cannot be removed or disabled.",
  weak_password:
    "`detail.fault`: short (under 15 characters, or 8 beside a second factor), long (over 256), common (in the list of guessed passwords), pattern (keys in a row, repeats, dates), own (made of the person's or practice's name).",
  longer_password_first:
    "The password has fewer than 15 characters and would be left without a second factor.",
  no_second_factor:
    "The person has no authenticator app and no short password, so nothing can be reset or renewed.",
  password_change_required:
    "The person signed in with a one-time password; POST /api/session/password replaces it.",
  step_not_undoable:
    "The appointment's last step is not a check-in, rooming, confirmation, no-show or cancellation.",
  day_not_begun:
    "Arrival, rooming, end or no-show before the appointment's day, by the device's clock and by the clinic's.",
  not_bookable:
    "The patient is deceased, merged or inactive, or the clinician or visit type is no longer active.",
  chart_restricted: "The chart is restricted and the person is not in its care team.",
  chart_is_open:
    "There is no glass to break: the chart is not restricted, the person is in its care team, or opened it a moment ago.",
  glass_is_broken: "The access still runs; what is done under it would go unseen by a review now.",
  entry_changed: "The `seen` change is not the entry's last one.",
  entry_closed: "The fact is stopped, resolved, ended or entered in error.",
  value_not_confirmed:
    "A measurement is outside its plausible range and was not confirmed; `detail` names the code.",
  clinical_only: "A clinical task or message was addressed to a person or pool without a clinical role.",
  status_not_forward: "A status may only move forward.",
  note_signed: "Change to a signed note refused.",
  unknown_revision: "Revision id or hash is not known for this note.",
  template_not_accepted:
    "The revision to be signed holds template sentences that its author has neither accepted nor removed.",
  unlock_required: "The last unlock is older than 15 minutes.",
  consent_missing: "Recording begun without a consent.",
  recording_closed: "Part for a completed recording refused.",
  checksum_mismatch: "SHA-256 of a part differs from the tablet's.",
  recording_differs:
    "A stored part's SHA-256 is not the one that the tablet named when it completed the recording.",
  part_missing: "Complete before all parts are durable.",
  upload_offset_wrong: "Upload-Offset is not where the upload stands: ask with HEAD.",
  upload_busy: "Another request holds the upload.",
  no_audio: "The recording was completed without any part.",
  no_answer: "The job ran out of tries without an answer of its node; practice IT may send it again.",
  storage_full: "No space left in the data folder.",
  job_not_held: "The AI job was not claimed by this token, or its claim expired.",
  unsupported_audio: "The decoder refused the bytes.",
};
