import { sentMessage } from "#domain/sent-message/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { SentMessageEntity } from "./sent-message.entity.ts";

export const sentMessageSlice = defineSlice({
  collection: sentMessage,
  entity: SentMessageEntity,
  handlers: {},
});
