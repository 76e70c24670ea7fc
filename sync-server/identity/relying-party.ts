import { DomainError } from "#domain/errors/catalog.ts";
import type { Config } from "#server/config.ts";
import { isAddress, practiceHost } from "#server/operations/tls.ts";

/** The name a passkey belongs to, and the page that asks for it. */
export interface RelyingParty {
  readonly id: string;
  readonly origin: string;
}

/**
 * Passkeys are bound to a DNS name: that of the practice for tablets, `localhost` for the machine itself. The request's
 * origin was found to be one of the practice's own before it came here.
 * @throws {DomainError} origin_refused without a page; passkey_needs_name for a bare address or a name that is not kept
 */
export function relyingPartyOf(request: Request, config: Pick<Config, "JAMEMR_HOSTNAME">): RelyingParty {
  const origin = request.headers.get("origin");
  if (origin === null) throw new DomainError("origin_refused");
  const id = new URL(origin).hostname;
  const names = ["localhost", practiceHost(config.JAMEMR_HOSTNAME)];
  if (isAddress(id) || !names.includes(id)) throw new DomainError("passkey_needs_name");
  return { id, origin };
}
