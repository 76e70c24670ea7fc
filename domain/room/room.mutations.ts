import { defineMutation } from "../collection.ts";
import { type Room, roomSchema } from "./room.schema.ts";

const add = defineMutation({
  args: roomSchema.omit({ active: true }),
  permission: "directory:write",
  audit: "room.created",
  apply: (view: Room | undefined, args) => view ?? { ...args, active: true },
});

/** Another name, or no longer in use; what was booked with it keeps it. */
const change = defineMutation({
  args: roomSchema,
  permission: "directory:write",
  audit: "room.changed",
  apply: (view: Room | undefined, args) => view && args,
});

export const roomMutations = { add, change };
