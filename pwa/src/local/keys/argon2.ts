import { trustedScriptUrl } from "../../service-worker/trusted-types.ts";
import workerUrl from "./argon2.worker.ts?worker&url";
import type { DeriveFromPin } from "./pin.ts";

/** Argon2id in a worker of its own, so that the second it takes does not freeze the page. */
export const deriveInWorker: DeriveFromPin = (pin, parameters, secret) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(trustedScriptUrl(workerUrl), { type: "module" });
    worker.onmessage = ({ data }) => {
      worker.terminate();
      resolve(new Uint8Array(data));
    };
    worker.onerror = (event) => {
      worker.terminate();
      reject(new Error(`key derivation failed: ${event.message}`));
    };
    worker.postMessage({ pin, parameters, secret });
  });
