export { HeldSoundEntity, HeldSoundPartEntity } from "./held-sound.entity.ts";
export { countHeldParts, holdSound, takeHeldSound } from "./held-sound.ts";
