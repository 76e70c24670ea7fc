export { waitingEmergencies } from "./waiting.ts";
