import * as z from "zod";
import { idSchema } from "../kernel/id.ts";
import { dateSchema, instantSchema } from "../kernel/instant.ts";
import { callBackSchema } from "./call-back.ts";

/** Groups that work from one list besides their own: whoever is free takes it. */
export const pools = ["clinicians", "nurses", "front-desk"] as const;
export type Pool = (typeof pools)[number];

/** Something to be done by a person or a pool. A clinical task never goes to the desk (C19). */
export const taskSchema = z.strictObject({
  id: idSchema,
  kind: z.enum(["administrative", "clinical"]),
  title: z.string().trim().min(1).max(200),
  details: z.string().trim().max(2000),
  patientId: idSchema.nullable(),
  /** Exactly one of the two is set. */
  assigneeId: idSchema.nullable(),
  pool: z.enum(pools).nullable(),
  dueOn: dateSchema.nullable(),
  /** Set by the clinic alone, where a patient has to be told that a promised time is lost. */
  callBack: callBackSchema.nullable(),
  status: z.enum(["open", "done", "cancelled"]),
  createdBy: idSchema,
  createdAt: instantSchema,
  closedBy: idSchema.nullable(),
  closedAt: instantSchema.nullable(),
});
export type Task = z.infer<typeof taskSchema>;
