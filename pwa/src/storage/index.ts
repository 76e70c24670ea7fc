export { StorageCard } from "./storage-card.tsx";
export { StorageLine } from "./storage-line.tsx";
