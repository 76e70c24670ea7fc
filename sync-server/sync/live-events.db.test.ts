import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";
import { noteText, people, revise, startVisit } from "../testing/visit.ts";

let practice: TestPractice;

beforeAll(async () => {
  practice = await openTestPractice();
});
afterAll(() => practice.close());

describe("live events", () => {
  it("name only streams that the caller holds, and the commit", async () => {
    const [desk, doctor] = [await practice.signIn("frontdesk"), await practice.signIn("clinician")];
    const listen = async (session: TestSession) => {
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
      return { text: () => text, abort };
    };
    const [atDesk, atDoctor] = [await listen(desk), await listen(doctor)];
    const visit = await startVisit(practice, doctor, 1, people.patient(0));
    const { results } = await practice.push(doctor, [revise(doctor, visit.next, visit, noteText("words"))]);
    const head = results[0]!.seq;
    const change = JSON.stringify({ type: "change", stream: `chart:${people.patient(0)}`, head });
    await vi.waitFor(() => expect(atDoctor.text()).toContain(change));
    expect(atDesk.text()).toMatch(/\{"type":"change","stream":"schedule","head":\d+\}/);
    expect(atDesk.text()).not.toContain("chart:");
    expect(atDesk.text() + atDoctor.text()).not.toContain("words");
    atDesk.abort.abort();
    atDoctor.abort.abort();
  });

  it("end for the oldest stream of a session when it opens more than a tablet needs", async () => {
    const [desk, other] = [await practice.signIn("frontdesk"), await practice.signIn("frontdesk")];
    const aborts: AbortController[] = [];
    const open = async (session: TestSession) => {
      const abort = new AbortController();
      aborts.push(abort);
      const response = await practice.app.request("http://localhost:8080/api/sync/events", {
        headers: { authorization: `Bearer ${session.accessToken}` },
        signal: abort.signal,
      });
      const stream = { ended: false };
      void (async () => {
        for await (const _ of response.body!);
        stream.ended = true;
      })().catch(() => {});
      return stream;
    };
    const quiet = await open(other);
    const streams: { readonly ended: boolean }[] = [];
    for (let count = 0; count < 10; count++) streams.push(await open(desk));
    await vi.waitFor(() =>
      expect(streams.map(({ ended }) => ended)).toEqual([true, true, ...Array(8).fill(false)]),
    );
    expect(quiet.ended).toBe(false);
    for (const abort of aborts) abort.abort();
  });
});
