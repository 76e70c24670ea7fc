import { can } from "#domain/access/can.ts";
import { DomainError } from "#domain/errors/catalog.ts";
import { staff } from "#domain/staff/index.ts";
import { defineSlice, type HandlerContext } from "#server/sync/slice.ts";
import { StaffEntity } from "./staff.entity.ts";

/** What a device tells of its person's prints is told in that person's name alone. */
function assertOwn({ args, user }: Pick<HandlerContext, "args" | "user">): void {
  if (args.id !== user.id) throw new DomainError("not_yours");
}

export const staffSlice = defineSlice({
  collection: staff,
  entity: StaffEntity,
  handlers: {
    printDay: async (context) => assertOwn(context),
    /** The security officer sees who did what, but not to whom: nothing of one patient is theirs to print. */
    printLooks: async (context) => {
      assertOwn(context);
      const { tx, args, user } = context;
      const actor = { type: "user" as const, id: user.id, role: user.role, deviceId: user.deviceId };
      const decision = can(actor, "audit:search");
      if (!decision.allowed || decision.grant === "metadata") throw new DomainError("forbidden");
      const [known]: unknown[] = await tx.em.execute("select 1 from patient where id = ?", [args.patientId]);
      if (!known) throw new DomainError("missing_parent");
    },
  },
});
