// Loaded before a program that the launcher starts (`node --import`). Descriptor JAMEMR_PARENT_FD is a pipe whose
// other end the launcher holds: when the launcher is gone, however it ended, the program is asked to stop.
import { Socket } from "node:net";
import { isMainThread } from "node:worker_threads";

const graceMilliseconds = 20_000;

/** @param {() => void} gone */
export function whenParentGone(gone) {
  const descriptor = Number(process.env.JAMEMR_PARENT_FD);
  delete process.env.JAMEMR_PARENT_FD;
  if (!isMainThread || !Number.isInteger(descriptor) || descriptor < 3) return;
  const pipe = new Socket({ fd: descriptor, readable: true, writable: false });
  pipe
    .on("error", () => {})
    .on("close", gone)
    .resume()
    .unref();
}

if (process.env.JAMEMR_FOLLOW_PARENT === "1") {
  delete process.env.JAMEMR_FOLLOW_PARENT;
  whenParentGone(() => {
    // Nobody reads the output any more; writing to it must not be what ends the program.
    for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.kill(process.pid, "SIGKILL"), graceMilliseconds).unref();
  });
}
