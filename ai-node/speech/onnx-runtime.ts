// The one way to the runtime. The order is the point: the switch is set before the library is loaded.
import "./no-telemetry.ts";

export { InferenceSession, Tensor } from "onnxruntime-node";
