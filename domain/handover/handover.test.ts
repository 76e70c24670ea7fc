import { describe, expect, it } from "vitest";
import { can } from "../access/can.ts";
import { clinicalRoles, type Role, roles } from "../access/roles.ts";
import { streams } from "../access/scope.ts";
import { newId } from "../kernel/id.ts";
import { mutations } from "../registry.ts";
import { mutationHash, type PushedMutation } from "../sync/protocol.ts";
import { handoverKind, isHandable, isOwnHand, mayTake, sortOf } from "../sync/review.ts";
import { type Handover, handover } from "./index.ts";

const author = newId();
const colleague = newId();
const at = "2026-11-22T14:00:00.000Z";
const stamp = { mutationId: newId(), at, actor: author, role: "nurse" as const };

function refused(name = "allergy.add", role: Role = "nurse"): PushedMutation {
  const args = { id: newId(), patientId: newId() };
  const rest = { n: 1, id: newId(), name, v: 1, args, base: null, at, tz: "UTC", actor: author, role };
  return { ...rest, hash: mutationHash(rest) };
}

const given = (): Handover => {
  const mutation = refused();
  const args = { id: newId(), toId: colleague, kind: handoverKind(mutation), mutation, words: "" };
  return handover.mutations.give.apply(undefined, args, stamp)!;
};

describe("who may be handed refused work", () => {
  it("decides about it and may do it: clinical people clinical work, the desk and clinicians the desk's", () => {
    const able = (name: string) => roles.filter((role) => mayTake(role, name));
    expect(able("allergy.add")).toEqual(["clinician", "nurse"]);
    expect(able("allergy.enterInError")).toEqual(["clinician"]);
    expect(able("appointment.book")).toEqual(["clinician", "front-desk"]);
    expect(able("patient.update")).toEqual(["clinician", "front-desk"]);
    expect(able("room.add")).toEqual([]);
    expect(able("no.such")).toEqual([]);
  });

  it("is never somebody who could not do it, and never the desk for what is clinical (C19)", () => {
    for (const [name, { mutation }] of mutations)
      for (const role of roles.filter((one) => mayTake(one, name))) {
        expect(can({ type: "user", id: "", role, deviceId: null }, mutation.permission).allowed, name).toBe(
          true,
        );
        expect(sortOf(name) === "clinical" && !clinicalRoles.includes(role), name).toBe(false);
        expect(isOwnHand(name), name).toBe(false);
      }
  });

  it("is nobody for a signature, a report of the device, or a hand-over itself", () => {
    for (const name of [
      "note.sign",
      "note.retract",
      "patient.openChart",
      "handover.give",
      "handover.takeBack",
    ])
      expect(isHandable(name), name).toBe(false);
  });
});

describe("handed work", () => {
  it("is in its author's own stream, apart where it is clinical, until she has put it away", () => {
    expect(handover.stream(given())).toBe(streams.tasks(author, "clinical"));
    expect(handoverKind(refused("appointment.book"))).toBe("administrative");
    // The desk holds no clinical stream; what it wrote is not clinical.
    expect(handoverKind(refused("task.create", "front-desk"))).toBe("administrative");
    expect(handover.stream({ ...given(), closed: true })).toBeNull();
  });

  it("is taken back as long as nobody has decided, and put away once somebody has", () => {
    const { takeBack, close } = handover.mutations;
    const open = given();
    expect(open).toMatchObject({ authorId: author, patientId: open.mutation.args.patientId, decision: null });
    expect(close.apply(open, open, stamp)).toBe(open);
    const back = takeBack.apply(open, open, stamp)!;
    expect(back).toMatchObject({ decision: "taken-back", decidedBy: author, decidedAt: at });
    expect(close.apply(back, back, stamp)).toMatchObject({ closed: true });
    const adopted: Handover = { ...open, decision: "adopted", decidedBy: colleague, decidedAt: at };
    expect(takeBack.apply(adopted, adopted, stamp)).toBe(adopted);
  });
});
