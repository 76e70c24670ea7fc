import { lazyPart } from "#pwa/app/lazy-part.tsx";

export const NurseNoteSheet = lazyPart(() =>
  import("./nurse-note-sheet.tsx").then((module) => module.NurseNoteSheet),
);
