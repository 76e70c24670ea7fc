import * as z from "zod";
import { permissions } from "#domain/access/permissions.ts";
import { openNote } from "#domain/audit/signed-note.ts";
import { auditHeadSchema, historyProofSchema, judge } from "#domain/audit/witness.ts";
import { monotonic, sleep } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { declaredRoutes } from "#server/http/declared-routes.ts";
import { type Expectation, type Happened, NotApplicable, refused, seen, statusOf } from "./expectation.ts";
import type { Tester } from "./tester.ts";

const expectation = (
  id: string,
  expected: string,
  play: (tester: Tester) => Promise<Happened>,
): Expectation => ({ id: `audit/${id}`, area: "audit", expected, play });

/** A signed head as the server shows it. */
export interface ShownHead {
  readonly note: string;
  readonly key: string;
}

/** The newest signed head; a practice that has just begun has none for a moment. @throws {NotApplicable} */
export async function shownHead(tester: Tester): Promise<ShownHead> {
  const answer = await tester.ask(await tester.anyone(), "GET", "/api/audit/checkpoint");
  const head = auditHeadSchema.safeParse(answer.body).data;
  if (!head) throw new Error(`the signed head: ${statusOf(answer)}`);
  if (head.checkpoint === null) throw new NotApplicable("nothing of the log is signed yet");
  return { note: head.checkpoint, key: head.key };
}

const sizeOf = async ({ note, key }: ShownHead): Promise<number> => (await openNote(note, key))?.size ?? 0;

/** A head that covers what the self-test has done: one is signed every minute, and after a hundred records. */
async function grownHead(tester: Tester, size: number): Promise<ShownHead> {
  for (const until = monotonic() + 65_000; ; ) {
    const head = await shownHead(tester);
    if ((await sizeOf(head)) > size || monotonic() > until) return head;
    await sleep(250);
  }
}

const signed = expectation(
  "signed-head",
  "the head of the log bears the signature of the key that the practice told at sign-in",
  async (tester) => {
    const head = await shownHead(tester);
    const { session } = await tester.anyone();
    const opened = await openNote(head.note, session.auditKey ?? "");
    return seen(
      opened !== null && head.key === session.auditKey,
      opened ? `${opened.size} records` : "it does not",
    );
  },
);

const grows = expectation(
  "only-grows",
  "the log at the beginning of the self-test is the beginning of the log at its end",
  async (tester) => {
    const first = tester.firstHead;
    if (!first) throw new NotApplicable("nothing of the log was signed when the self-test began");
    const before = await sizeOf(first);
    const last = await grownHead(tester, before);
    const after = await sizeOf(last);
    if (after <= before) return seen(false, `no new head was signed over ${before} records`);
    const caller = await tester.anyone();
    const verdict = await judge(
      { key: first.key, notes: [first.note] },
      last,
      async ({ epoch, from, to }) => {
        const path = `/api/audit/proof?epoch=${epoch}&from=${from}&to=${to}`;
        return historyProofSchema.safeParse((await tester.ask(caller, "GET", path)).body).data ?? null;
      },
    );
    return seen(verdict.fault === null, verdict.fault ?? `from ${before} to ${after} records, proven`);
  },
);

const whole = expectation(
  "whole",
  "the whole chain, recomputed by the server, is as it was written",
  async (tester) => {
    const answer = await tester.ask(await tester.anyone(), "POST", "/api/audit/verify", {});
    const verdict = z.object({ whole: z.boolean(), records: z.int().optional() }).safeParse(answer.body).data;
    return seen(
      verdict?.whole === true,
      verdict?.whole ? `${verdict.records} records` : `not whole, ${statusOf(answer)}`,
    );
  },
);

const addresses = [
  ...new Set(declaredRoutes.map(({ path }) => path).filter((path) => path.startsWith("/api/audit"))),
  "/api/audit/1",
];

/** No operation changes a record, whoever asks. */
const unchangeable = (["PUT", "PATCH", "DELETE"] as const).map((method) =>
  expectation(
    `no-${method.toLowerCase()}`,
    `${method} on the log or a record of it: no such operation, for nobody (404 or 405)`,
    async (tester) => {
      const through: string[] = [];
      for (const role of tester.roles)
        for (const address of addresses) {
          const answer = await tester.ask(await tester.session(role), method, address, { outcome: "ok" });
          if (![404, 405].includes(answer.status)) through.push(`${role} ${address}: ${statusOf(answer)}`);
        }
      const words = `${tester.roles.length * addresses.length} tries by ${tester.roles.length} roles`;
      return seen(through.length === 0, through.length === 0 ? words : through.join(", "));
    },
  ),
);

const metadataOnly = expectation(
  "no-patient-for-metadata",
  "who sees the log without patients cannot search it by patient: 403 forbidden, on record",
  async (tester) => {
    const grants = Object.entries(permissions["audit:search"].roles);
    const [role] = grants.find(([, grant]) => grant === "metadata") ?? [];
    const caller = await tester.session(role as (typeof tester.roles)[number]);
    const answer = await tester.ask(caller, "GET", `/api/audit?patient=${newId()}`);
    return refused(answer, { status: 403, code: "forbidden", recorded: true });
  },
);

const pageSchema = z.object({
  records: z.array(z.object({ seq: z.int(), outcome: z.string(), requestId: z.string().optional() })),
  next: z.int().optional(),
});

const recorded = expectation(
  "every-denial-is-there",
  "every record that a refusal named is in the log, as a denial of that very request",
  async (tester) => {
    const caller = await tester.session("privacy-officer");
    const told = new Map(tester.told);
    if (told.size === 0) throw new NotApplicable("no refusal named a record");
    const oldest = Math.min(...told.keys());
    const count = told.size;
    for (let before = Math.max(...told.keys()) + 1; before > oldest; ) {
      const path = `/api/audit?outcome=denied&limit=1000&before=${before}`;
      const answer = await tester.ask(caller, "GET", path);
      const page = pageSchema.safeParse(answer.body).data;
      if (!page) return seen(false, `searching the log: ${statusOf(answer)}`, [answer]);
      for (const { seq, requestId } of page.records) if (told.get(seq) === requestId) told.delete(seq);
      before = page.next ?? 0;
    }
    const missing = [...told.keys()];
    return seen(
      missing.length === 0,
      missing.length === 0 ? `${count} of ${count}` : `missing: ${missing.slice(0, 20).join(", ")}`,
    );
  },
);

export const auditExpectations = (): Expectation[] => [
  signed,
  ...unchangeable,
  metadataOnly,
  recorded,
  whole,
  grows,
];
