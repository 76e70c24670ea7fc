import { errorCatalog, isErrorCode } from "#domain/errors/catalog.ts";
import { ApiError, LocalError } from "#pwa/local/index.ts";
import { i18n } from "./language.ts";

/** The sentence a person reads for a failure of the tablet or a refusal of the clinic. */
export function errorText(error: unknown): string {
  if (error instanceof ApiError) return i18n._(errorCatalog[error.code].message);
  if (error instanceof LocalError) return localText(error);
  return i18n._("Something went wrong on this tablet. What you entered is kept.");
}

export const codeText = (code: string): string =>
  isErrorCode(code) ? i18n._(errorCatalog[code].message) : code;

function localText({ code }: LocalError): string {
  switch (code) {
    case "offline":
      return i18n._("The clinic does not answer. Check the Wi-Fi and try again.");
    case "wrong_pin":
      return i18n._("That PIN is not right.");
    case "pin_wait":
      return i18n._("Too many wrong PINs. Please wait.");
    case "pin_too_short":
      return i18n._("Use at least 8 characters.");
    case "pin_guessable":
      return i18n._("That is among the first that somebody would try. Choose another one.");
    case "no_passkey":
      return i18n._("No passkey was used.");
    case "no_emergency":
      return i18n._("Emergency access is not possible any more. The clinic has to answer first.");
    case "not_saved":
      return i18n._("Not saved. This tablet could not write; your words are still here.");
    case "no_microphone":
      return i18n._("The microphone cannot be used. Allow it for this page, then try again.");
    case "no_room":
      return i18n._("There is no room for a new recording on this tablet.");
    case "no_audio":
      return i18n._("This sound is not on this tablet, and the clinic does not answer.");
    case "already_recording":
      return i18n._("A recording is already running.");
    case "locked":
      return i18n._("This tablet is locked.");
    case "history_refused":
      return i18n._("This tablet does not trust the clinic's records, and takes nothing from it.");
    case "elsewhere":
      return i18n._("JamEMR is open in another tab.");
    default:
      return i18n._("Something went wrong on this tablet. What you entered is kept.");
  }
}
