import type { Role } from "#domain/access/roles.ts";
import type { PushedMutation, PushResult } from "#domain/sync/protocol.ts";
import type { TestPractice } from "./test-practice.ts";
import { deviceProof, envelope, signInTablet, type Tablet } from "./test-tablet.ts";

/** Somebody who wrote without the clinic and is locked out before the tablet reaches it. */
export interface Leaver {
  readonly id: string;
  readonly tablet: Tablet;
  readonly session: Tablet["session"];
  /** The tablet delivers what was written; everything of it goes to quarantine. @returns the items' ids, in order */
  deliver(mutations: readonly PushedMutation[]): Promise<string[]>;
}

const path = "/api/sync/deliver";

/** @param prepare runs while the person still works here */
export async function leaver(
  practice: TestPractice,
  username: string,
  roles: readonly Role[],
  prepare: (tablet: Tablet) => Promise<void> = async () => {},
): Promise<Leaver> {
  const id = await practice.addPerson(username, roles);
  const tablet = await signInTablet(practice, username);
  await prepare(tablet);
  await practice.owner("update app_user set disabled_at = now() where id = $1", [id]);
  return {
    id,
    tablet,
    session: tablet.session,
    async deliver(mutations) {
      const envelopes = [];
      for (const one of mutations) envelopes.push(await envelope(tablet, one));
      const proof = await deviceProof(practice, tablet, "POST", path);
      const { body } = await practice.request<PushResult>(proof, "POST", path, { envelopes });
      const statuses = body.results.map(({ status }) => status);
      if (statuses.length < mutations.length || statuses.some((status) => status !== "quarantined"))
        throw new Error(`not kept: ${JSON.stringify(body)}`);
      const rows = await practice.owner<{ id: string }>(
        "select id from quarantine where client_id = $1 and n = any($2::bigint[]) order by n",
        [tablet.session.clientId, mutations.map(({ n }) => n)],
      );
      return rows.map((row) => row.id);
    },
  };
}
