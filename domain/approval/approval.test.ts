import { describe, expect, it } from "vitest";
import { readersOf } from "../care-team/index.ts";
import { newId } from "../kernel/id.ts";
import {
  type Approval,
  approvalDigest,
  approverRoles,
  comparedPatient,
  leavesNoReader,
  type MergeDifference,
  mayDecide,
  shownApproval,
} from "./index.ts";

const [requester, dana, eve] = [newId(), newId(), newId()];
const record = () =>
  comparedPatient({
    id: newId(),
    givenName: "Jon",
    familyName: "Smith",
    preferredName: "",
    birthDate: "1960-01-01",
    sex: "male",
    phone: "",
    email: "",
    address: "",
  });
type Readers = NonNullable<MergeDifference["readers"]>;

function merge(readers: Readers, kind: "patient.merge" | "patient.unmerge" = "patient.merge"): Approval {
  const [merged, kept] = [record(), record()];
  const payload = { kind, mergedId: merged.id, keptId: kept.id };
  const difference = {
    subject: merged.name,
    gains: [],
    losses: [],
    charts: null,
    records: { merged, kept, readers },
  };
  return {
    id: newId(),
    payload,
    difference,
    digest: approvalDigest(payload, difference),
    reason: "twice",
    status: "requested",
    requestedBy: requester,
    requestedAt: "2026-01-01T00:00:00.000Z",
    decisions: [],
    singlePerson: false,
    opensAt: "2026-01-01T00:00:00.000Z",
    closesAt: "2026-01-01T04:00:00.000Z",
    executedAt: null,
  };
}
const open = { merged: null, kept: null };
const everybody: Readers = { before: open, after: open };

describe("who decides about two records of one patient (C07, C16)", () => {
  it("is the administrator or the privacy officer, and never the one who asked", () => {
    expect(approverRoles(merge(everybody))).toEqual(["administrator", "privacy-officer"]);
    expect(mayDecide(merge(everybody), { id: dana, role: "administrator" })).toBe("may");
    expect(mayDecide(merge(everybody), { id: requester, role: "administrator" })).toBe("self");
    expect(mayDecide(merge(everybody), { id: dana, role: "security-officer" })).toBe("role");
    expect(mayDecide(merge(everybody), { id: dana, role: "clinician" })).toBe("role");
  });

  it.each([
    ["narrows", { before: { merged: [dana], kept: null }, after: { merged: [dana], kept: [dana] } }, false],
    ["lifts one", { before: { merged: [dana], kept: [dana] }, after: { merged: null, kept: [dana] } }, true],
    [
      "lets one more in",
      { before: { merged: [dana], kept: [dana] }, after: { merged: [dana], kept: [dana, eve] } },
      true,
    ],
  ] as const)(
    "is the privacy officer alone where it opens a chart to somebody: %s",
    (_, readers, officer) => {
      expect(approverRoles(merge(structuredClone(readers) as never, "patient.unmerge"))).toEqual(
        officer ? ["privacy-officer"] : ["administrator", "privacy-officer"],
      );
    },
  );

  it("cannot approve what would leave a chart without a reader", () => {
    const apart = { before: { merged: [dana], kept: [eve] }, after: { merged: [], kept: [] } };
    expect(leavesNoReader(merge(apart).difference)).toBe(true);
    expect(leavesNoReader(merge(everybody).difference)).toBe(false);
  });
});

describe("who sees such a request", () => {
  const restricted = merge({
    before: { merged: [dana], kept: null },
    after: { merged: [dana], kept: [dana] },
  });
  it.each([
    ["the desk that asked, without who may read", requester, "front-desk", true, false],
    ["another at the desk: no", dana, "front-desk", false, false],
    ["practice IT: no, it has no demographics", dana, "practice-it", false, false],
    ["security officer: no", dana, "security-officer", false, false],
    ["nurse: no", requester, "nurse", false, false],
    ["administrator", dana, "administrator", true, true],
    ["privacy officer", dana, "privacy-officer", true, true],
  ] as const)("%s", (_, id, role, sees, readers) => {
    const shown = shownApproval(restricted, { id, role });
    expect(shown !== null).toBe(sees);
    expect(shown?.difference.records?.readers !== undefined).toBe(readers);
  });
});

describe("C16: readers of a chart of several records", () => {
  it("are those in the care team of each that is restricted", () => {
    expect(readersOf([])).toBeUndefined();
    expect(readersOf([{ restricted: false, memberIds: [dana] }])).toBeUndefined();
    expect(readersOf([{ restricted: true, memberIds: [dana] }])).toEqual([dana]);
    expect(
      readersOf([
        { restricted: true, memberIds: [dana, eve] },
        { restricted: true, memberIds: [eve, requester] },
        { restricted: false, memberIds: [] },
      ]),
    ).toEqual([eve]);
  });
});
