import { streams } from "../access/scope.ts";
import { defineCollection } from "../collection.ts";
import { problemMutations } from "./problem.mutations.ts";
import { problemSchema } from "./problem.schema.ts";

export {
  isCurrentProblem,
  isSameProblem,
  type Problem,
  problemSchema,
  problemStatuses,
} from "./problem.schema.ts";

export const problem = defineCollection({
  name: "problem",
  fhir: "Condition",
  schema: problemSchema,
  stream: (row) => streams.chart(row.patientId),
  local: "fact",
  permissions: { read: "chart:read", write: "chart:write" },
  mutations: problemMutations,
  conflict: "additions",
});
