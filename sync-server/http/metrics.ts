import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Practice } from "#server/practice/practice.ts";

export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  request(route: string, status: number, seconds: number): void;
}

/** Prometheus metrics of this server. Labels are route patterns and status codes: never an id, a name or a word. */
export function createMetrics(practice: Practice): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register, prefix: "jamemr_" });
  const requests = new Counter({
    name: "jamemr_http_requests_total",
    help: "Requests answered",
    labelNames: ["route", "status"],
    registers: [register],
  });
  const duration = new Histogram({
    name: "jamemr_http_request_seconds",
    help: "Time to answer",
    labelNames: ["route"],
    registers: [register],
  });
  new Gauge({
    name: "jamemr_ai_jobs",
    help: "AI jobs by state",
    labelNames: ["state"],
    registers: [register],
    async collect() {
      const depth = await practice.jobs.depth();
      for (const [state, count] of Object.entries(depth)) this.set({ state }, count);
    },
  });
  new Gauge({
    name: "jamemr_audit_head",
    help: "Number of the newest audit record",
    registers: [register],
    async collect() {
      const [{ head }]: [{ head: string }] = await practice.database.em
        .fork()
        .execute("select coalesce(max(seq), 0) as head from audit_log");
      this.set(Number(head));
    },
  });
  return {
    contentType: register.contentType,
    text: () => register.metrics(),
    request(route, status, seconds) {
      requests.inc({ route, status: String(status) });
      duration.observe({ route }, seconds);
    },
  };
}
