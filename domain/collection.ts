import type * as z from "zod";
import type { PermissionName } from "./access/permissions.ts";
import type { Role } from "./access/roles.ts";
import type { AuditAction } from "./audit/actions.ts";

/** The facts about a mutation that `apply` may use besides its arguments. */
export interface MutationStamp {
  readonly mutationId: string;
  /** When the person did it, by the device's clock. */
  readonly at: string;
  readonly actor: string;
  readonly role: Role;
}

/** What every synced record has. `data` never holds server-only fields. */
export interface Row {
  readonly id: string;
}

/** How a mutation was written before, for as long as tablets may hold it in their queues. */
export interface EarlierVersion {
  /** The day of the release that wrote the next version, as YYYY-MM-DD. */
  readonly until: string;
  /** The arguments as the next version has them. Total like `apply`; the record that they are about stays the same. */
  upcast(args: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}

/**
 * One thing a person can do to a record. `apply` is pure and total: it gives the view the person sees at once on the
 * tablet and, after the server has checked the rules, the state the server stores. Where the action no longer makes
 * sense it returns the view unchanged; refusing with a reason is the server handler's part.
 */
export interface Mutation<R extends Row = Row, A extends Row = Row, I extends Row = Row> {
  readonly v: number;
  /** By their numbers, without gaps up to the one before `v`. */
  readonly earlier?: Readonly<Record<number, EarlierVersion>>;
  /** Strict. `id` is always the id of the record acted on. `I`: as a caller gives them, `A`: with defaults filled in. */
  readonly args: z.ZodType<A, I>;
  readonly permission: PermissionName;
  readonly audit: AuditAction;
  /**
   * It tells what happened on the device and changes nothing. It waits, survives and is judged like work, but it holds
   * nobody's words: it is not counted as unsaved, and when the clinic refuses it there is nothing to decide.
   */
  readonly report?: true;
  /** For the clinic alone: once it is put away nobody reads it on the tablet again, its author included. */
  readonly sealed?: true;
  apply(view: R | undefined, args: A, stamp: MutationStamp): R | undefined;
}

/** The RxDB collection of the tablet's read layer that holds a domain collection. */
export type LocalCollection =
  | "directory"
  | "patient"
  | "safety"
  | "appointment"
  | "encounter"
  | "note"
  | "fact"
  | "recording"
  | "task"
  | "ops";

export type ConflictRule = "server" | "merge" | "additions" | "facts" | "revisions" | "append";

export interface Collection<
  R extends Row = Row,
  M extends Record<string, Mutation<R, Row>> = Record<string, Mutation<R, Row>>,
> {
  /** The clinic word. Also the folder's name in every tier and the table's name (with `_` for `-`). */
  readonly name: string;
  /** The FHIR R4 resource it corresponds to, or null where FHIR has none. */
  readonly fhir: string | null;
  readonly schema: z.ZodType<R>;
  /** The one stream a record is in; null = never leaves the server by sync. */
  stream(row: R): string | null;
  readonly local: LocalCollection | null;
  /**
   * Where a patient has one record of a kind: its id, from the arguments that make it. `named` is the patient that `id`
   * follows from, where the arguments name the record by nothing else.
   */
  idFor?(
    args: Readonly<Record<string, unknown>> & { readonly patientId: string },
    named: string,
  ): string | null;
  readonly permissions: { readonly read: PermissionName; readonly write: PermissionName | null };
  readonly mutations: M;
  readonly conflict: ConflictRule;
}

/** Declares a collection. The registry, not a list in each tier, then drives routes, streams, docs and tests. */
export function defineCollection<R extends Row, M extends Record<string, Mutation<R, Row>>>(
  collection: Collection<R, M>,
): Collection<R, M> {
  return collection;
}

/** Declares a mutation so that `apply` is typed by its argument schema. */
export function defineMutation<R extends Row, A extends Row, I extends Row>(
  mutation: Omit<Mutation<R, A, I>, "v"> & { v?: number },
): Mutation<R, A, I> {
  return { ...mutation, v: mutation.v ?? 1 };
}
