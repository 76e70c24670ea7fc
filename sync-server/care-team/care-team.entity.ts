import { defineEntity, p } from "@mikro-orm/core";
import type { CareTeam } from "#domain/care-team/index.ts";
import { instantColumn, rowColumns } from "#server/database/columns.ts";

const schema = defineEntity({
  name: "CareTeam",
  tableName: "care_team",
  properties: {
    ...rowColumns,
    patientId: p.uuid(),
    restricted: p.boolean(),
    memberIds: p.json<CareTeam["memberIds"]>(),
    setBy: p.uuid(),
    setAt: instantColumn(),
  },
});
export class CareTeamEntity extends schema.class {}
schema.setClass(CareTeamEntity);
