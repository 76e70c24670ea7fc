import * as z from "zod";
import { defineMutation } from "../collection.ts";
import { idSchema } from "../kernel/id.ts";
import { dateSchema } from "../kernel/instant.ts";
import type { Staff } from "./staff.schema.ts";

const self = z.strictObject({ id: idSchema });

/** The day's appointments were put on paper, perhaps without the network: the clinic learns it when it can (C29). */
const printDay = defineMutation({
  args: self.extend({ day: dateSchema }),
  permission: "schedule:read",
  audit: "day-sheet.printed",
  report: true,
  apply: (view: Staff | undefined) => view,
});

/** Who looked at a patient's chart was put on paper (C29). */
const printLooks = defineMutation({
  args: self.extend({ patientId: idSchema }),
  permission: "audit:search",
  audit: "looks.printed",
  report: true,
  apply: (view: Staff | undefined) => view,
});

export const staffMutations = { printDay, printLooks };
