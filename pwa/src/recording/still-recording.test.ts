import { afterEach, beforeEach, expect, test } from "vitest";
import { useClock } from "#domain/kernel/clock.ts";
import { LONG_SILENCE, nextPatientCame, SPEECH, StillRecording } from "./still-recording.ts";

let now = 0;
let timers: { at: number; task: () => void }[] = [];
let restore = () => {};

/** Lets time pass, timers firing in their order. */
function pass(milliseconds: number): void {
  const end = now + milliseconds;
  for (;;) {
    const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
    if (!next) break;
    timers = timers.filter((one) => one !== next);
    now = next.at;
    next.task();
  }
  now = end;
}

/** Minutes of talk, or of the hum of an empty room. */
function sound(still: StillRecording, minutes: number, level: number): void {
  for (let second = 0; second < minutes * 60; second++) {
    still.hear(level);
    pass(1000);
  }
}

beforeEach(() => {
  now = 0;
  timers = [];
  restore = useClock({
    monotonic: () => now,
    after: (milliseconds, task) => {
      const timer = { at: now + milliseconds, task };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
  });
});
afterEach(() => restore());

const started = () => {
  const still = new StillRecording();
  still.listen(true);
  return still;
};

test("C05: a long silence asks; talk never does", () => {
  const still = started();
  sound(still, 10, SPEECH + 0.1);
  expect(still.question.get()).toBeNull();
  sound(still, 2, SPEECH - 0.1);
  expect(still.question.get()).toBeNull();
  sound(still, 1.1, SPEECH - 0.1);
  expect(still.question.get()).toBe("silence");
});

test("C05: one word in the silence begins it anew", () => {
  const still = started();
  pass(LONG_SILENCE - 1000);
  still.hear(SPEECH);
  pass(LONG_SILENCE - 1000);
  expect(still.question.get()).toBeNull();
  pass(1000);
  expect(still.question.get()).toBe("silence");
});

test("C05: it stands until it is answered, is told once, and comes back after another long silence only", () => {
  const still = started();
  const told: unknown[] = [];
  still.question.subscribe(() => told.push(still.question.get()));
  pass(10 * LONG_SILENCE);
  expect(told).toEqual(["silence"]);
  still.keep();
  pass(LONG_SILENCE - 1);
  expect(still.question.get()).toBeNull();
  pass(1);
  expect(told).toEqual(["silence", null, "silence"]);
});

test("C05: another patient's page asks while it is open, and a newer reason takes the place of silence", () => {
  const still = started();
  pass(LONG_SILENCE);
  still.ask("another-patient");
  expect(still.question.get()).toBe("another-patient");
  still.withdraw("next-visit");
  expect(still.question.get()).toBe("another-patient");
  still.withdraw("another-patient");
  expect(still.question.get()).toBeNull();
});

test("nothing is asked of a recording that is paused or over, and no timer is left behind", () => {
  const still = started();
  still.ask("next-visit");
  still.listen(false);
  expect(still.question.get()).toBeNull();
  still.ask("another-patient");
  pass(2 * LONG_SILENCE);
  expect(still.question.get()).toBeNull();
  expect(timers).toEqual([]);
});

test("C05: the next patient in a room is news once; who was there before, is recorded or is on the screen is none", () => {
  const roomed = [
    { id: "visit-a", patientId: "a" },
    { id: "visit-b", patientId: "b" },
  ];
  const known = new Set(["visit-a"]);
  expect(nextPatientCame(null, roomed, ["a", null])).toBe(false);
  expect(nextPatientCame(known, roomed, ["a", null])).toBe(true);
  expect(nextPatientCame(known, roomed, ["a", "b"])).toBe(false);
  expect(nextPatientCame(new Set(["visit-a", "visit-b"]), roomed, ["a", null])).toBe(false);
});
