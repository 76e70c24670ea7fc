export { endLeases, leasesOfDevice } from "./end.ts";
export { leasesAround } from "./held.ts";
export { holdTimes } from "./renew.ts";
