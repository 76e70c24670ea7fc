import { token } from "#domain/token/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { TokenEntity } from "./token.entity.ts";

export const tokenSlice = defineSlice({ collection: token, entity: TokenEntity, handlers: {} });
