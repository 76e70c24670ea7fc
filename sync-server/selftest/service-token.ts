import * as z from "zod";
import type { TokenScope } from "#domain/access/roles.ts";
import { approvalSchema } from "#domain/approval/index.ts";
import { NotApplicable } from "./expectation.ts";
import type { Answered } from "./server.ts";

/** The scope of the self-test's own service token: numbers without anything clinical. */
export const SELF_TEST_SCOPE: TokenScope = "ops:metrics";

const issuedSchema = z.object({ approval: approvalSchema, token: z.string() });
const claimsSchema = z.object({ jti: z.string() });

/** What a JSON Web Token says of itself; nobody here judges whether it is true. */
export const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;

export interface IssuedToken {
  readonly id: string;
  readonly token: string;
  readonly authorization: string;
}

/** Every service token that was issued to the self-test; normally one. */
export class ServiceTokens {
  readonly issued: IssuedToken[] = [];
  /** Ids of those that are revoked. */
  readonly revoked = new Set<string>();

  /** Remembers the token in an answer, if there is one: it has to be revoked even if it should never have been issued. */
  keep({ body }: Answered): void {
    const token = issuedSchema.safeParse(body).data?.token;
    if (token === undefined) return;
    const { jti } = claimsSchema.parse(claimsOf(token));
    this.issued.push({ id: jti, token, authorization: `Bearer ${token}` });
  }

  /** @throws {NotApplicable} */
  get first(): IssuedToken {
    const first = this.issued[0];
    if (!first) throw new NotApplicable("no service token was issued: see approval/second-person");
    return first;
  }
}
