import type { ZodObject } from "zod";
import * as z from "zod";
import type { EarlierVersion, Mutation, Row } from "#domain/collection.ts";
import { type FoundMutation, type MutationName, mutations } from "#domain/registry.ts";

/** Releases of the played application, each of which writes one kind of change in its own way. */
export type Release = 1 | 2 | 3 | 4;

/** The change that every release writes differently. */
export const CHANGED = "patient.register" satisfies MutationName;

type Args = Readonly<Record<string, unknown>>;

const rename =
  (from: string, to: string) =>
  ({ [from]: value, ...rest }: Args): Args => ({ ...rest, [to]: value });

/** How each release's form becomes the next one's. The first has been gone for longer than anything is carried out. */
const steps: Readonly<Record<1 | 2 | 3, EarlierVersion>> = {
  1: { until: "2026-08-01", upcast: rename("lastName", "surname") },
  2: { until: "2027-01-02", upcast: rename("surname", "familyName") },
  3: { until: "2027-01-12", upcast: (args) => ({ ...args, source: "" }) },
};

/** Arguments of today's domain as a release writes them. */
function formOf(release: Release, { familyName, ...rest }: Args & Row): Args & Row {
  if (release === 1) return { ...rest, lastName: familyName };
  if (release === 2) return { ...rest, surname: familyName };
  return { ...rest, familyName, ...(release === 4 && { source: "the desk" }) };
}

const real = mutations.get(CHANGED) as FoundMutation;

function ofRelease(v: Release): FoundMutation {
  const { args, apply } = real.mutation;
  const { familyName, ...others } = (args as unknown as ZodObject).shape;
  const own = { 1: { lastName: familyName }, 2: { surname: familyName }, 3: { familyName } } as const;
  const shape = v === 4 ? { familyName, source: z.string().max(40) } : own[v];
  const toDomain = ({ lastName, surname, source: _, ...rest }: Args) =>
    ({ familyName: lastName ?? surname, ...rest }) as Args as Args & Row;
  const mutation: Mutation = {
    ...real.mutation,
    v,
    earlier: Object.fromEntries(Object.entries(steps).filter(([version]) => Number(version) < v)),
    args: z.strictObject({ ...others, ...shape } as z.ZodRawShape) as unknown as Mutation["args"],
    apply: (view, written, stamp) => apply(view, toDomain({ ...written }), stamp),
  };
  return { ...real, mutation };
}

/** Which release runs: the clinic's and the tablets' code are one here, and change together but for a moment. */
export class PlayedRelease {
  #present: Release = 3;
  #running: Release = 3;

  constructor() {
    this.#install(3);
  }

  get present(): Release {
    return this.#present;
  }

  /** What the domain of today asks for, as the release that runs now writes it. */
  write(name: MutationName, args: Args & Row): Args & Row {
    return name === CHANGED ? formOf(this.#running, args) : args;
  }

  #install(release: Release): void {
    this.#running = release;
    (mutations as Map<string, FoundMutation>).set(CHANGED, ofRelease(release));
  }

  /** Everybody is updated. */
  become(release: Release): void {
    this.#present = release;
    this.#install(release);
  }

  /** What a tablet with another release does, while nobody else does anything. */
  async as<T>(release: Release, work: () => Promise<T>): Promise<T> {
    this.#install(release);
    try {
      return await work();
    } finally {
      this.#install(this.#present);
    }
  }

  end(): void {
    (mutations as Map<string, FoundMutation>).set(CHANGED, real);
  }
}
