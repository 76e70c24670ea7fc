export { MessageEntity } from "./message.entity.ts";
