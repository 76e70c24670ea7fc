import { defineEntity, p } from "@mikro-orm/core";
import type { TokenScope } from "#domain/access/roles.ts";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "Token",
  tableName: "token",
  properties: {
    ...rowColumns,
    purpose: p.text(),
    scopes: p.array().columnType("text[]").$type<TokenScope[]>(),
    ownerId: p.uuid().nullable(),
    createdAt: instantColumn(),
    expiresAt: instantColumn(),
    lastUsedAt: instantColumn().nullable(),
    revokedAt: instantColumn().nullable(),
    unconfirmedAt: instantColumn().nullable(),
  },
});
export class TokenEntity extends schema.class {}
schema.setClass(TokenEntity);
