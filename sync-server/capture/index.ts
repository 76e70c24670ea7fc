export { CaptureEntity, CapturePartEntity } from "./capture.entity.ts";
export { storeSoundWhenComplete } from "./capture.sound.ts";
