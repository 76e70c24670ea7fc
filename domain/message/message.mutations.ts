import { defineMutation } from "../collection.ts";
import { type Message, messageSchema } from "./message.schema.ts";

const send = defineMutation({
  args: messageSchema.pick({ id: true, kind: true, toId: true, pool: true, text: true }).extend({
    patientId: messageSchema.shape.patientId.default(null),
    replyTo: messageSchema.shape.replyTo.default(null),
  }),
  permission: "message:send",
  audit: "message.sent",
  apply: (view: Message | undefined, args, stamp) =>
    view ?? { ...args, fromId: stamp.actor, sentAt: stamp.at, readBy: null, readAt: null },
});

const markRead = defineMutation({
  args: messageSchema.pick({ id: true }),
  permission: "message:send",
  audit: "message.read",
  apply: (view: Message | undefined, _args, stamp) =>
    view && !view.readAt ? { ...view, readBy: stamp.actor, readAt: stamp.at } : view,
});

export const messageMutations = { send, markRead };
