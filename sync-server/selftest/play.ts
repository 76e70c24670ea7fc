import { instantNow } from "#domain/kernel/clock.ts";
import packageJson from "../../package.json" with { type: "json" };
import { shownHead } from "./audit-expectations.ts";
import { closeAll } from "./closing-expectations.ts";
import { areas, type Expectation, NotApplicable } from "./expectation.ts";
import { plan } from "./plan.ts";
import { countOutcomes, type Judged, type SelfTestReport } from "./report.ts";
import type { Tester } from "./tester.ts";

async function judge(tester: Tester, { id, area, expected, play }: Expectation): Promise<Judged> {
  const about = { id, area, expected };
  try {
    const { holds, words, records = [] } = await play(tester);
    return { ...about, happened: words, outcome: holds ? "passed" : "failed", auditRecords: records };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const outcome = error instanceof NotApplicable ? "not applicable" : "failed";
    return { ...about, happened: words, outcome, auditRecords: [] };
  }
}

/**
 * Plays every expectation; whatever happens, what it opened is closed at the end.
 * @throws {Error} when it was stopped: half a run shows nothing
 */
export async function playAll(
  tester: Tester,
  tell: (line: string) => void,
  signal?: AbortSignal,
): Promise<SelfTestReport> {
  const startedAt = instantNow();
  const judged: Judged[] = [];
  try {
    if (tester.maySignIn)
      tester.firstHead = await shownHead(tester).catch((error: unknown) => {
        if (error instanceof NotApplicable) return null;
        throw error;
      });
    for (const expectation of plan()) {
      if (signal?.aborted) throw new Error("stopped; what it had opened is closed, and there is no report.");
      if (judged.at(-1)?.area !== expectation.area) tell(`${areas[expectation.area]} …`);
      judged.push(await judge(tester, expectation));
    }
  } finally {
    await closeAll(tester);
    tester.server.close();
  }
  const counts = countOutcomes(judged);
  const practice = tester.opened[0]?.session.practice;
  return {
    format: 1,
    url: tester.server.url.origin,
    practice: practice ? { id: practice.id, name: practice.name, trial: practice.trial } : null,
    version: packageJson.version,
    startedAt,
    endedAt: instantNow(),
    passed: counts.failed === 0,
    counts,
    expectations: judged,
  };
}
