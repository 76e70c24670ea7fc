import { describe, expect, it } from "vitest";
import { DomainError, type ErrorCode } from "#domain/errors/catalog.ts";
import { isTransient, isUnavailable, refusalOf, sqlState } from "./database-error.ts";

const failure = (code: string, message = "x") => Object.assign(new Error(message), { code });
const wrapped = (code: string) =>
  new Error("outer", { cause: new Error("middle", { cause: failure(code) }) });

describe("what a failed statement means", () => {
  it.each<[string, ErrorCode]>([
    ["23P01", "slot_taken"],
    ["23503", "missing_parent"],
    ["23505", "already_exists"],
    ["23502", "invalid_arguments"],
    ["23514", "invalid_arguments"],
    ["22003", "invalid_arguments"],
    ["22008", "invalid_arguments"],
    ["22021", "invalid_arguments"],
    ["22P02", "invalid_arguments"],
    ["22P05", "invalid_arguments"],
    ["JE005", "note_signed"],
  ])("%s is %s, through wrappers too", (state, code) => {
    expect(refusalOf(failure(state))?.code).toBe(code);
    expect(refusalOf(wrapped(state))?.code).toBe(code);
    expect(isUnavailable(wrapped(state))).toBe(false);
  });

  it.each(["08006", "08001", "57P01", "57P03", "53300"])("%s is a database that is away", (state) => {
    expect(isUnavailable(wrapped(state))).toBe(true);
    expect(refusalOf(wrapped(state))).toBeUndefined();
  });

  it("tells what may pass from what will not", () => {
    for (const code of ["ECONNREFUSED", "ECONNRESET"]) expect(isUnavailable(wrapped(code))).toBe(true);
    for (const message of [
      "Connection terminated unexpectedly",
      // What the driver says of a statement on a connection that died between two statements.
      "Client has encountered a connection error and is not queryable",
      "Client was closed and is not queryable",
    ])
      expect(isUnavailable(new Error(message)), message).toBe(true);
    for (const state of ["40001", "40P01"]) expect(isTransient(wrapped(state))).toBe(true);
    // A message the database cannot read, and defects of ours.
    for (const error of [
      failure("08P01"),
      failure("42601"),
      new TypeError("x"),
      failure("ENOENT"),
      null,
      "text",
    ]) {
      expect(isUnavailable(error)).toBe(false);
      expect(isTransient(error)).toBe(false);
      expect(refusalOf(error)).toBeUndefined();
    }
    const refusal = new DomainError("not_yours");
    expect(refusalOf(refusal)).toBe(refusal);
    expect(sqlState(failure("23505"))).toBe("23505");
  });
});
