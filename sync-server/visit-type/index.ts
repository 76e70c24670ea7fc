export { VisitTypeEntity } from "./visit-type.entity.ts";
