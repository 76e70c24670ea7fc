import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { entries, goBack, type PlayedLog, playedLog } from "#domain/audit/testing/played-log.ts";
import { useClock } from "#domain/kernel/clock.ts";
import { openHistoryWitness } from "./history-witness.ts";

let folder: string;
let log: PlayedLog;
let at = 0;
let asked = 0;
let restore = () => {};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "jamemr-witness-"));
  log = await playedLog();
  restore = useClock({ monotonic: () => at });
  asked = 0;
});
afterEach(async () => {
  restore();
  await rm(folder, { recursive: true, force: true });
});

const file = () => join(folder, "node", "history.json");
const open = () =>
  openHistoryWitness(
    {
      checkpoint: async () => {
        asked++;
        return { checkpoint: log.state.log.length === 0 ? null : await log.note(), key: log.key };
      },
      prove: (request) => log.prove(request),
    },
    file(),
  );
const later = () => {
  at += 61_000;
};

test("a log that grows is believed, and looked at once a minute", async () => {
  const witness = await open();
  expect(await witness.look()).toBeNull();
  expect(await witness.look()).toBeNull();
  expect(asked).toBe(1);
  log.state.log.push(...entries(5));
  later();
  expect(await witness.look()).toBeNull();
  expect(JSON.parse(await readFile(file(), "utf8"))).toMatchObject({ key: log.key, notes: { length: 2 } });
});

test("a log that got shorter is refused, also after a restart, until it fits again", async () => {
  await (await open()).look();
  const whole = [...log.state.log];
  log.state.log.splice(20);
  const witness = await open();
  expect(await witness.look()).toBe("shorter");
  expect(witness.fault).toBe("shorter");
  const again = await open();
  expect(again.fault).toBe("shorter");
  expect(await again.look()).toBe("shorter");
  log.state.log.splice(0, 99, ...whole);
  expect(await again.look()).toBeNull();
  expect(again.fault).toBeNull();
});

test("a clinic that shows no head any more is refused; a restore that the log names is believed", async () => {
  const witness = await open();
  await witness.look();
  const whole = log.state.log.splice(0);
  later();
  expect(await witness.look()).toBe("unsigned");
  log.state.log.push(...whole);
  goBack(log, 20);
  expect(await witness.look()).toBeNull();
});

test("what it has seen is not taken for nothing when the file cannot be read", async () => {
  await (await open()).look();
  await writeFile(file(), "{");
  await expect(open()).rejects.toThrow("damaged");
});
