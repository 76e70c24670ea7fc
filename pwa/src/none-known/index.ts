export { ListStateWords } from "./list-state-words.tsx";
export { listWords } from "./list-words.ts";
export { useListState } from "./use-list-state.ts";
