import { lazyPart } from "#pwa/app/lazy-part.tsx";

export { RestrictedMark } from "./restricted-mark.tsx";
export { useCareTeam } from "./use-care-team.ts";
export const RestrictSheet = lazyPart(() =>
  import("./restrict-sheet.tsx").then((module) => module.RestrictSheet),
);
