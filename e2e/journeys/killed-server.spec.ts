import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import type { AuditBody } from "../../domain/audit/record.ts";
import { createRandom } from "../../sync-server/testing/simulation/random.ts";
import { TestPractice } from "../fixtures/practice.ts";
import { Program } from "../fixtures/program.ts";

const KILLS = process.env.JAMEMR_FULL === "1" ? 100 : 4;
/** A server that keeps dying is started again after longer and longer pauses. */
const EACH = 30_000;

test("a server that is killed during one push after the other takes each change once", async () => {
  test.setTimeout(120_000 + KILLS * EACH);
  const practice = await TestPractice.start();
  try {
    const desk = await Program.signIn(practice.url, "frontdesk");
    const id = await desk.registers("Zebulon");
    const random = createRandom("killed server");
    const ready = async () => (await fetch(`${practice.url}/readyz`).catch(() => null))?.status;
    for (let kill = 1; kill <= KILLS; kill++) {
      await expect.poll(ready, { timeout: EACH }).toBe(200);
      const pushing = desk.insists("patient.update", { id, phone: `555-01${String(kill).padStart(2, "0")}` });
      await new Promise((resolve) => setTimeout(resolve, random.below(40)));
      await practice.kill("sync-server");
      expect(await pushing).toBe("applied");
    }
    await expect.poll(ready, { timeout: EACH }).toBe(200);
    expect((await practice.jamemr("audit", "verify")).code).toBe(0);

    const log = join(practice.data, "log.jsonl");
    expect((await practice.jamemr("audit", "export", "--out", log)).code).toBe(0);
    const lines = (await readFile(log, "utf8")).trimEnd().split("\n");
    const records = lines.map((line) => JSON.parse(line) as { body?: string });
    const bodies = records.flatMap(({ body }) => (body ? [JSON.parse(body) as AuditBody] : []));
    const changes = bodies.filter(
      ({ action, resource }) => action === "patient.updated" && resource?.id === id,
    );
    expect(changes.map(({ outcome }) => outcome)).toEqual(Array(KILLS).fill("ok"));
  } finally {
    await practice.remove();
  }
});
