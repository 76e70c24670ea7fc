export { HeldSoundEntity, HeldSoundPartEntity } from "./held-sound.entity.ts";
export { holdSound, takeHeldSound } from "./held-sound.ts";
