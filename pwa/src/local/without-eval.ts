import { config } from "zod";

/**
 * Keeps zod from trying whether it may compile code: the page's policy forbids that, and each try would stand in the
 * browser's log as an attack. Must be imported before anything that declares a schema.
 */
config({ jitless: true });
