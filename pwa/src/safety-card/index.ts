export { useSafetyCard } from "./use-safety-card.ts";
