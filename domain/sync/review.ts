import { can } from "../access/can.ts";
import type { PermissionName } from "../access/permissions.ts";
import { clinicalRoles, type Role } from "../access/roles.ts";
import { instantSchema } from "../kernel/instant.ts";
import { type FoundMutation, type MutationName, mutations } from "../registry.ts";
import { presentArgs } from "../upcast.ts";
import type { PushedMutation } from "./protocol.ts";
import type { ReviewSort } from "./review-items.ts";

const deskPermissions: ReadonlySet<PermissionName> = new Set([
  "schedule:write",
  "schedule:overbook",
  "demographics:write",
]);

/** Who judges work of this name. What nobody knows the name of could be clinical. */
export function sortOf(name: string): ReviewSort {
  const permission = mutations.get(name)?.mutation.permission;
  return permission && deskPermissions.has(permission) ? "desk" : "clinical";
}

/** The sorts whose content a role judges. Empty = none. */
export const sortsOf = (role: Role): readonly ReviewSort[] =>
  role === "clinician" ? ["clinical", "desk"] : role === "front-desk" ? ["desk"] : [];

/** The sorts that a role decides where its author handed the work over: to somebody who does such work as well. */
export const handedSortsOf = (role: Role): readonly ReviewSort[] =>
  role === "nurse" ? ["clinical"] : sortsOf(role);

/** A signature, or its withdrawal, is its author's own: nobody brings one in for somebody else. */
const ownHand: ReadonlySet<string> = new Set(["note.sign", "note.signNurseNote", "note.retract"]);
export const isOwnHand = (name: string): boolean => ownHand.has(name);

/** Whether refused work of this name can be handed to anybody. What is handed over already is not handed on. */
export const isHandable = (name: string): boolean =>
  mutations.has(name) && isAnnounced(name) && !isOwnHand(name) && collectionOf({ name }) !== "handover";

/** Whether somebody in this role may be handed refused work of this name: decide about it, and do it. */
export function mayTake(role: Role, name: string): boolean {
  const permission = mutations.get(name)?.mutation.permission;
  if (!permission || !isHandable(name) || !handedSortsOf(role).includes(sortOf(name))) return false;
  return can({ type: "user", id: "", role, deviceId: null }, permission).allowed;
}

/** In which of its author's streams handed work stands: what a clinical person wrote of clinical work is clinical (C19). */
export const handoverKind = ({
  name,
  role,
}: Pick<PushedMutation, "name" | "role">): "administrative" | "clinical" =>
  sortOf(name) === "clinical" && clinicalRoles.includes(role) ? "clinical" : "administrative";

/** A report of the device changes nothing and holds nobody's words: the chart does not announce it. */
export const isAnnounced = (name: string): boolean => mutations.get(name)?.mutation.report !== true;

/** A report of which the privacy officer reviews what it tells: somebody has to bring it in. */
const reviewedReport: MutationName = "emergency-access.begin";

/**
 * Whether somebody has to decide about it. That a chart was opened or a list printed is a fact, which the log holds from the
 * moment it arrived: there is nothing to take over and nothing to undo.
 */
export const asksForDecision = (name: string): boolean => isAnnounced(name) || name === reviewedReport;

/** Everything that needs nobody's decision. */
export const reportNames: readonly string[] = [...mutations.keys()].filter((name) => !asksForDecision(name));

const collectionOf = ({ name }: Pick<PushedMutation, "name">): string => name.split(".")[0]!;

/** Whether it can make a record where there is none. */
function makes({ mutation }: FoundMutation, pushed: PushedMutation): boolean {
  const args = mutation.args.safeParse(presentArgs(mutation, pushed));
  const at = instantSchema.safeParse(pushed.at);
  if (!args.success || !at.success) return false;
  const stamp = { mutationId: pushed.id, at: at.data, actor: pushed.actor, role: pushed.role };
  return mutation.apply(undefined, args.data, stamp) !== undefined;
}

/** All ids that stand directly among the arguments. */
const named = ({ args }: PushedMutation): ReadonlySet<unknown> => new Set(Object.values(args));

/**
 * Whether `later` builds on `earlier` of the same tablet: it changes the same record, stands in a record that the earlier
 * one makes, or names the earlier one as what its author saw.
 */
export function buildsOn(later: PushedMutation, earlier: PushedMutation): boolean {
  const found = mutations.get(earlier.name);
  if (!found || earlier.n >= later.n) return false;
  if (collectionOf(later) === collectionOf(earlier) && later.args.id === earlier.args.id) return true;
  const ids = named(later);
  if (ids.has(earlier.id) || (earlier.args.revisionId !== undefined && ids.has(earlier.args.revisionId)))
    return true;
  return ids.has(earlier.args.id) && makes(found, earlier);
}
