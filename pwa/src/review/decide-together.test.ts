import { describe, expect, it } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import type { ReviewItem } from "#domain/sync/review-items.ts";
import { ApiError, LocalError } from "#pwa/local/index.ts";
import { discardTogether, takeOverTogether } from "./decide-together.ts";

type Part = Pick<ReviewItem, "id" | "name" | "after" | "decision">;
const part = (name = "note.revise", after: Part | null = null): Part => ({
  id: newId(),
  name,
  after: after?.id ?? null,
  decision: null,
});

/** A clinic that refuses some parts, and knows what builds on what better than the list that was asked for before. */
function clinic(refusals: ReadonlyMap<string, Error> = new Map(), builds: readonly [Part, Part][] = []) {
  const decided: string[] = [];
  const decide = async (id: string) => {
    const before = builds.find(([later, earlier]) => later.id === id && !decided.includes(earlier.id));
    const refusal = refusals.get(id) ?? (before && new ApiError("quarantine_earlier_first"));
    if (refusal) throw refusal;
    decided.push(id);
  };
  return { decided, decide };
}

describe("taking over what belongs together", () => {
  it("is one decision after the other, in the order in which it was written", async () => {
    const [start, note] = [part("encounter.start"), part()];
    const { decided, decide } = clinic();
    const told: string[] = [];
    const result = await takeOverTogether([start, note], decide, (id) => told.push(id));
    expect(decided).toEqual([start.id, note.id]);
    expect(told).toEqual(decided);
    expect([...result.left]).toEqual([]);
    expect(result.stopped).toBeNull();
  });

  it("leaves what is refused, with why, and what builds on it; the rest goes in", async () => {
    const [start, allergy] = [part("encounter.start"), part("allergy.add")];
    const note = part("note.revise", start);
    const later = part("note.revise", note);
    const { decided, decide } = clinic(new Map([[start.id, new ApiError("slot_taken")]]), [
      [note, start],
      [later, note],
    ]);
    const { left } = await takeOverTogether([start, note, later, allergy], decide);
    expect(decided).toEqual([allergy.id]);
    expect([...left]).toEqual([
      [start.id, { refused: expect.objectContaining({ code: "slot_taken" }) }],
      [note.id, "waits"],
      [later.id, "waits"],
    ]);
  });

  it("asks the clinic what builds on what: the list names only the nearest", async () => {
    const [start, other] = [part("encounter.start"), part()];
    const note = part("note.revise", other);
    const { left } = await takeOverTogether(
      [start, other, note],
      clinic(new Map([[start.id, new ApiError("forbidden")]]), [[note, start]]).decide,
    );
    expect(left.get(note.id)).toBe("waits");
  });

  it("never tries a signature, nor what is decided already or needs nobody", async () => {
    const parts = [part("note.sign"), { ...part(), decision: "adopted" as const }, part("patient.openChart")];
    const { decided, decide } = clinic();
    const { left } = await takeOverTogether(parts, decide);
    expect([decided, [...left]]).toEqual([[], [[parts[0]!.id, "own-hand"]]]);
  });

  it("stops when the clinic does not answer: nothing after that is tried, and nothing is called refused", async () => {
    const [one, two, three] = [part(), part(), part()];
    for (const fault of [
      new LocalError("offline"),
      new ApiError("unauthenticated"),
      new ApiError("database_unavailable"),
    ]) {
      const { decided, decide } = clinic(new Map([[two.id, fault]]));
      const { left, stopped } = await takeOverTogether([one, two, three], decide);
      expect([decided, [...left], stopped]).toEqual([[one.id], [], fault]);
    }
  });

  it("goes on where a colleague has decided meanwhile", async () => {
    const [one, two] = [part(), part()];
    const { decided, decide } = clinic(new Map([[one.id, new ApiError("quarantine_decided")]]));
    const { left } = await takeOverTogether([one, two], decide);
    expect([decided, [...left]]).toEqual([[two.id], []]);
  });
});

describe("discarding what belongs together", () => {
  it("begins with what builds on the others, and takes signatures along", async () => {
    const [start, note, sign] = [part("encounter.start"), part(), part("note.sign")];
    const { decided, decide } = clinic();
    await discardTogether([start, note, sign, part("patient.openChart")], decide);
    expect(decided).toEqual([sign.id, note.id, start.id]);
  });

  it("fails as a whole with the first failure, so that the reason stays to be sent again", async () => {
    const [start, note] = [part("encounter.start"), part()];
    const { decided, decide } = clinic(new Map([[start.id, new LocalError("offline")]]));
    await expect(discardTogether([start, note], decide)).rejects.toThrow();
    expect(decided).toEqual([note.id]);
  });
});
