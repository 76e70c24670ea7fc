export { CapturedNotes } from "./captured-notes.tsx";
export { startCapturing } from "./capturing.ts";
export { PutAway } from "./put-away.tsx";
