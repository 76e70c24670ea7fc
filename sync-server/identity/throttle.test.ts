import { afterEach, describe, expect, it } from "vitest";
import { useClock } from "#domain/kernel/clock.ts";
import { Throttle } from "./throttle.ts";
import { UsedProofs } from "./used-proofs.ts";

let time = 0;
let restore = useClock({});
afterEach(() => restore());
const atTime = (now: number) => {
  time = now;
  restore = useClock({ now: () => time });
};

describe("the throttle", () => {
  it("lets four wrong tries pass, then waits 1 s doubling to 15 min, and forgets on success", () => {
    atTime(1_000_000);
    const throttle = new Throttle();
    const waits: number[] = [];
    for (let tries = 0; tries < 20; tries++) {
      throttle.failed("a");
      waits.push(throttle.wait("a"));
      time += throttle.wait("a");
      expect(throttle.wait("a")).toBe(0);
    }
    expect(waits.slice(0, 8)).toEqual([0, 0, 0, 0, 1000, 2000, 4000, 8000]);
    expect(waits.at(-1)).toBe(15 * 60_000);
    expect(throttle.wait("b")).toBe(0);
    throttle.succeeded("a");
    throttle.failed("a");
    expect(throttle.wait("a")).toBe(0);
  });

  it("stays small however many names are tried", () => {
    atTime(0);
    const throttle = new Throttle();
    for (let name = 0; name < 30_000; name++) throttle.failed(String(name));
    for (let tries = 0; tries < 6; tries++) throttle.failed("last");
    expect(throttle.wait("last")).toBeGreaterThan(0);
  });
});

describe("used proofs", () => {
  it("are refused until they expire, each for itself", () => {
    const proofs = new UsedProofs();
    expect(proofs.use("a", 1000, 0)).toBe(true);
    expect(proofs.use("a", 1000, 999)).toBe(false);
    expect(proofs.use("b", 1500, 999)).toBe(true);
    expect(proofs.use("a", 3000, 1000)).toBe(true);
    expect(proofs.use("b", 1500, 1400)).toBe(false);
  });

  it("do not pile up", () => {
    const proofs = new UsedProofs();
    for (let index = 0; index < 55_000; index++) proofs.use(String(index), 1e9, 0);
    expect(proofs.use("54999", 1e9, 0)).toBe(false);
    expect(proofs.use("0", 1e9, 0)).toBe(true);
  });
});
