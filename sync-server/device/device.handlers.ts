import { device } from "#domain/device/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { DeviceEntity } from "./device.entity.ts";

export const deviceSlice = defineSlice({ collection: device, entity: DeviceEntity, handlers: {} });
