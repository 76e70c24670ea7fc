import { defineMutation } from "../collection.ts";
import { idSchema } from "../kernel/id.ts";
import { type Handover, handoverSchema } from "./handover.schema.ts";

/** As far as the words say whose record it is; the clinic looks it up. */
const patientNamed = ({ name, args }: Handover["mutation"]): string | null =>
  idSchema.safeParse(name.startsWith("patient.") ? args.id : args.patientId).data ?? null;

const give = defineMutation({
  args: handoverSchema
    .pick({ id: true, toId: true, kind: true, mutation: true })
    .extend({ words: handoverSchema.shape.words.default("") }),
  permission: "handover:give",
  audit: "handover.given",
  apply: (view: Handover | undefined, args, stamp) =>
    view ?? {
      ...args,
      authorId: stamp.actor,
      code: null,
      patientId: patientNamed(args.mutation),
      handedAt: stamp.at,
      decision: null,
      decidedBy: null,
      decidedAt: null,
      decisionReason: null,
      closed: false,
    },
});

const only = handoverSchema.pick({ id: true });

/** As long as nobody has decided; the words are its author's to use again. */
const takeBack = defineMutation({
  args: only,
  permission: "handover:give",
  audit: "handover.taken_back",
  apply: (view: Handover | undefined, _args, stamp) =>
    view && view.decision === null
      ? { ...view, decision: "taken-back" as const, decidedBy: stamp.actor, decidedAt: stamp.at }
      : view,
});

const close = defineMutation({
  args: only,
  permission: "handover:give",
  audit: "handover.closed",
  apply: (view: Handover | undefined) => (view && view.decision !== null ? { ...view, closed: true } : view),
});

export const handoverMutations = { give, takeBack, close };
