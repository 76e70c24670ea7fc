export { GiveBackTimes, useHeldTimes } from "./give-back-times.tsx";
export { LoseDevice, type Loss, LossButtons } from "./lose-device.tsx";
export { LossState } from "./loss-state.tsx";
export { countLost, lossText } from "./loss-text.ts";
export { WipeState } from "./wipe-state.tsx";
