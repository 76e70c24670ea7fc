import type { BenchRow } from "../../scripts/bench.ts";
import { speechBench } from "./speech-bench.ts";

export const rows = (): Promise<readonly BenchRow[]> => speechBench();
