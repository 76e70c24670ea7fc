import { DomainError } from "#domain/errors/catalog.ts";
import type { IssuedSession } from "./session.ts";

const cookieName = (practiceId: string) => `__Host-jamemr-${practiceId}`;

export const setCookie = (practiceId: string, value: string, maxAge: number) =>
  `${cookieName(practiceId)}=${value}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=${maxAge}`;

/** The session as the page gets it, with the refresh token where no script can read it. */
export const issued = ({ session, refreshToken }: IssuedSession, more: object = {}): Response =>
  Response.json(
    { ...session, ...more },
    {
      headers: {
        "cache-control": "no-store",
        "set-cookie": setCookie(session.practice.id, refreshToken, 12 * 3600),
      },
    },
  );

/** @throws {DomainError} unauthenticated */
export function cookieOf(request: Request, practiceId: string): string {
  const name = cookieName(practiceId);
  for (const pair of (request.headers.get("cookie") ?? "").split(/;\s*/)) {
    const [key, value] = pair.split("=", 2);
    if (key === name && value && /^[\w-]{43}$/.test(value)) return value;
  }
  throw new DomainError("unauthenticated");
}
