import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Approval } from "#domain/approval/index.ts";
import { careTeamIdOf } from "#domain/care-team/index.ts";
import { instantNow, now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { instant } from "#domain/kernel/instant.ts";
import type { ReviewItem } from "#domain/sync/review-items.ts";
import { trialPassword } from "../practice/trial/trial-people.ts";
import { atWork } from "../testing/at-work.ts";
import { type Leaver, leaver } from "../testing/leaver.ts";
import { mutation, openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { booking, people } from "../testing/visit.ts";

let practice: TestPractice;
let doctor: Leaver;
let clerk: Leaver;
const ears: { readonly name: string; readonly session: TestSession; heard(): number; end(): void }[] = [];

const listeners = ["clinician", "clinician2", "nurse", "frontdesk", "privacy", "admin", "it", "security"];

async function listen(name: string, session: TestSession): Promise<void> {
  const abort = new AbortController();
  const response = await practice.app.request("http://localhost:8080/api/sync/events", {
    headers: { authorization: `Bearer ${session.accessToken}` },
    signal: abort.signal,
  });
  let text = "";
  void (async () => {
    for await (const chunk of response.body!) text += Buffer.from(chunk as Uint8Array).toString();
  })().catch(() => {});
  await vi.waitFor(() => expect(text).toContain("connected"));
  const heard = () => text.split('data: {"type":"review"}').length - 1;
  ears.push({ name, session, heard, end: () => abort.abort() });
}

beforeAll(async () => {
  practice = await openTestPractice();
  doctor = await leaver(practice, "doctor", ["clinician"]);
  clerk = await leaver(practice, "clerk", ["front-desk"]);
  for (const name of listeners) await listen(name, await practice.signIn(name));
});
afterAll(async () => {
  for (const { end } of ears) end();
  await practice.close();
});

/** Who hears of what the work does, and nobody else though there is time for it. */
async function hearOf(expected: readonly string[], work: () => Promise<unknown>): Promise<void> {
  const before = ears.map(({ heard }) => heard());
  await work();
  const hearing = () => ears.filter(({ heard }, index) => heard() > before[index]!).map(({ name }) => name);
  await vi.waitFor(() => expect(hearing()).toEqual(expected), 5000);
  // Whoever heard of it and should not would have heard about now.
  await expect(vi.waitFor(() => expect(hearing()).not.toEqual(expected), 400)).rejects.toThrow();
}

const allergy = (n: number) =>
  mutation(doctor.session, n, "allergy.add", {
    id: newId(),
    patientId: people.patient(5),
    encounterId: null,
    substance: "Latex",
  });

it("work that arrives is told at once to those for whom it waits, and to nobody else", async () => {
  await hearOf(["clinician", "clinician2", "privacy"], () => doctor.deliver([allergy(1)]));
  await hearOf(["clinician", "clinician2", "frontdesk", "privacy"], () =>
    clerk.deliver([mutation(clerk.session, 1, "appointment.book", booking())]),
  );
});

it("a report is news to nobody", async () => {
  await hearOf([], () =>
    doctor.deliver([mutation(doctor.session, 2, "patient.openChart", { id: people.patient(5) })]),
  );
});

it("what a colleague decides is told as well", async () => {
  const { session } = ears.find(({ name }) => name === "clinician2")!;
  const { body } = await practice.request<{ items: ReviewItem[] }>(session, "GET", "/api/quarantine");
  const item = body.items.find(({ name }) => name === "allergy.add")!;
  const given = { decision: "discard", reason: "written twice" };
  await hearOf(["clinician", "clinician2", "privacy"], () =>
    practice.request(session, "POST", `/api/quarantine/${item.id}/decision`, given),
  );
});

it("an emergency access is told to the privacy officer, and that it was reviewed", async () => {
  const clinician = await atWork(practice, "clinician");
  const args = { id: newId(), reason: "The line was cut", until: instant(now() + 3_600_000) };
  await hearOf(["privacy"], () => clinician.does("emergency-access.begin", args, { at: instantNow() }));
  const { session } = ears.find(({ name }) => name === "privacy")!;
  await hearOf(["privacy"], () =>
    practice.request(session, "POST", `/api/emergency-access/${args.id}/review`, { note: "" }),
  );
});

it("a broken glass is told to the privacy officer, that it is over, and that it was reviewed", async () => {
  const [clinician, patientId] = [await atWork(practice, "clinician"), people.patient(7)];
  const team = { id: careTeamIdOf(patientId), patientId, memberIds: [people.clinician] };
  expect(await clinician.does("care-team.restrict", team)).toBe("applied");
  const outsider = await atWork(practice, "clinician2");
  const id = newId();
  const said = { id, reason: "other", words: "needed now", password: trialPassword };
  await hearOf(["privacy"], () =>
    practice.request(outsider.session, "POST", `/api/patients/${patientId}/break-glass`, said),
  );
  await hearOf(["privacy"], () => outsider.does("break-glass.end", { id }));
  const { session } = ears.find(({ name }) => name === "privacy")!;
  await hearOf(["privacy"], () =>
    practice.request(session, "POST", `/api/break-glass/${id}/review`, { outcome: "justified", note: "" }),
  );
});

it("a request is told to who may approve it, and once approved to who asked; each reads how many wait", async () => {
  const sessionOf = (wanted: string) => ears.find(({ name }) => name === wanted)!.session;
  const waiting = async () =>
    Promise.all(
      ["admin", "privacy", "security"].map(async (name) => {
        const path = "/api/approvals/waiting";
        return (await practice.request<{ waiting: number }>(sessionOf(name), "GET", path)).body.waiting;
      }),
    );
  const payload = { kind: "role.grant", userId: people.frontdesk, role: "nurse" } as const;
  let asked: Approval | undefined;
  expect(await waiting()).toEqual([0, 0, 0]);
  await hearOf(["privacy"], async () => {
    const said = { payload, reason: "needed for the new branch" };
    asked = (await practice.request<Approval>(sessionOf("admin"), "POST", "/api/approvals", said)).body;
  });
  expect(await waiting()).toEqual([0, 1, 0]);
  const decision = { decision: "approve", digest: asked?.digest, password: trialPassword };
  await hearOf(["privacy", "admin"], () =>
    practice.request(sessionOf("privacy"), "POST", `/api/approvals/${asked?.id}/decision`, decision),
  );
  expect(await waiting()).toEqual([1, 0, 0]);
  await hearOf(["admin"], () =>
    practice.request(sessionOf("admin"), "POST", `/api/approvals/${asked?.id}/decision`, {
      decision: "withdraw",
    }),
  );
  expect(await waiting()).toEqual([0, 0, 0]);
});
