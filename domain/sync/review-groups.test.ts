import { describe, expect, it } from "vitest";
import { newId } from "../kernel/id.ts";
import { groupReview } from "./review-groups.ts";
import type { ReviewItem } from "./review-items.ts";

const [author, device, patient] = [newId(), newId(), newId()];
let n = 0;
const item = (change: Partial<ReviewItem> = {}): ReviewItem => ({
  id: newId(),
  n: ++n,
  patientId: patient,
  authorId: author,
  deviceId: device,
  device: "Exam 2 tablet",
  writtenAt: "2026-03-04T10:00:00.000Z",
  handedTo: null,
  name: "allergy.add",
  sort: "clinical",
  reason: "revoked_before_arrival",
  refusal: null,
  receivedAt: "2026-03-04T12:00:00.000Z",
  after: null,
  decision: null,
  decidedBy: null,
  decidedAt: null,
  ...change,
});
const decided = { decision: "adopted", decidedBy: newId(), decidedAt: "2026-03-04T13:00:00.000Z" } as const;
const ids = (groups: ReturnType<typeof groupReview>["waiting"]) =>
  groups.map(({ items }) => items.map(({ id }) => id));

describe("what waits for review", () => {
  it("of one author, one device and one patient belongs together, in the order in which it was written", () => {
    const [start, note] = [item({ name: "encounter.start" }), item({ name: "note.revise" })];
    const others = [
      item({ patientId: newId() }),
      item({ deviceId: newId() }),
      item({ authorId: newId() }),
      item({ handedTo: newId() }),
    ];
    const { waiting } = groupReview([note, ...others, start]);
    expect(ids(waiting)).toEqual([[start.id, note.id], ...others.map(({ id }) => [id])]);
  });

  it("without a patient stands for itself", () => {
    const [one, other] = [item({ patientId: null }), item({ patientId: null })];
    expect(ids(groupReview([one, other]).waiting)).toEqual([[one.id], [other.id]]);
  });

  it("keeps beside it what of the same delivery is decided already, and nothing of an earlier one", () => {
    const before = item({ ...decided, receivedAt: "2026-03-01T12:00:00.000Z" });
    const [done, open] = [item({ ...decided, receivedAt: "2026-03-04T12:00:20.000Z" }), item()];
    const { waiting, past } = groupReview([open, done, before]);
    expect(ids(waiting)).toEqual([[done.id, open.id]]);
    expect(ids(past)).toEqual([[before.id]]);
  });

  it("does not wait for a report: that stands beside the rest, and alone it waits for nobody", () => {
    const [opened, allergy] = [item({ name: "patient.openChart" }), item()];
    expect(ids(groupReview([opened, allergy]).waiting)).toEqual([[opened.id, allergy.id]]);
    const alone = groupReview([opened]);
    expect(alone.waiting).toEqual([]);
    expect(ids(alone.past)).toEqual([[opened.id]]);
  });

  it("waits for a decision where the report is one that somebody reviews", () => {
    const begun = item({ name: "emergency-access.begin" });
    expect(ids(groupReview([begun]).waiting)).toEqual([[begun.id]]);
  });
});
