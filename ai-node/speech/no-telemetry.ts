import { isMainThread } from "node:worker_threads";

/**
 * onnxruntime-node reports to its maker unless this is set in the process's environment *before* its library is
 * loaded: it writes an id and a database under the user's cache folder and looks up an address outside the practice.
 *
 * Importing this module sets it. A worker thread has only a copy of the environment, in which setting it would change
 * nothing, so there it must have been set before by the thread that started it.
 */
const telemetrySwitch = "ORT_DISABLE_TELEMETRY";

if (isMainThread) process.env[telemetrySwitch] = "1";
else if (process.env[telemetrySwitch] !== "1")
  throw new Error(`${telemetrySwitch} has to be set before a worker thread loads onnxruntime-node`);
