import { room } from "#domain/room/index.ts";
import { addNew, applyAsIs, defineSlice } from "#server/sync/slice.ts";
import { RoomEntity } from "./room.entity.ts";

export const roomSlice = defineSlice({
  collection: room,
  entity: RoomEntity,
  handlers: { add: addNew, change: applyAsIs },
});
