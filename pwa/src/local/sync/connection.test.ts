import { expect, test } from "vitest";
import { useClock } from "#domain/kernel/clock.ts";
import { createConnection, type OfflineMemory } from "./connection.ts";

test("the moment of the first silence stays through a reload and goes with the first answer", () => {
  let kept: string | null = null;
  const memory: OfflineMemory = {
    read: () => kept,
    write: (since) => {
      kept = since;
    },
  };
  let time = Date.UTC(2027, 0, 12, 15);
  const restore = useClock({ now: () => time });
  const connection = createConnection(memory);
  connection.answered(null);
  expect(kept).toBeNull();
  connection.silent();
  time += 3_600_000;
  connection.silent();
  expect(createConnection(memory).get().offlineSince).toBe("2027-01-12T15:00:00.000Z");
  createConnection(memory).answered(null);
  expect(kept).toBeNull();
  restore();
});

test("words that are only on the screen keep the chip from saying that all is saved", () => {
  const connection = createConnection();
  connection.answered(null);
  expect(connection.get().state).toBe("saved");
  const [first, second] = [connection.typing(), connection.typing()];
  expect(connection.get()).toMatchObject({ state: "waiting", waiting: 0, typing: true });
  first();
  first();
  expect(connection.get().typing).toBe(true);
  second();
  expect(connection.get().state).toBe("saved");
});
