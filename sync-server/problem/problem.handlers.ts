import { problem } from "#domain/problem/index.ts";
import { addFact, changeFact, joinFact } from "#server/chart/index.ts";
import { defineSlice } from "#server/sync/slice.ts";
import { ProblemEntity } from "./problem.entity.ts";

export const problemSlice = defineSlice({
  collection: problem,
  entity: ProblemEntity,
  history: true,
  handlers: {
    add: addFact({ list: "problems" }),
    correct: changeFact({ mustBeLatest: true }),
    confirm: changeFact(),
    resolve: changeFact(),
    reopen: changeFact({ list: "problems" }),
    enterInError: changeFact(),
    join: joinFact(ProblemEntity),
    separate: changeFact({ list: "problems" }),
  },
});
