export { endLeases, leasesOfDevice, leasesOfPerson } from "./end.ts";
export { heldByDevices, leasesAround } from "./held.ts";
export { holdTimes } from "./renew.ts";
