import { FakeClinic } from "./fake-clinic.ts";

const refused = () =>
  new Response(JSON.stringify({ type: "about:blank", status: 403, code: "device_wiped" }), {
    status: 403,
    headers: { "content-type": "application/problem+json" },
  });

/** A clinic that has asked for the tablet to be wiped: it takes nothing before it has heard that this is done. */
export class WipingClinic extends FakeClinic {
  wipe: "no" | "asked" | "done" = "no";
  /** What the tablet said was still to come, each time. */
  readonly told: number[] = [];
  readonly #streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
  restored = false;
  declare readonly fetch: typeof fetch;

  constructor() {
    super();
    const plain = this.fetch;
    this.fetch = (input, init) => this.#answer(plain, input, init);
  }

  async #answer(plain: typeof fetch, input: Parameters<typeof fetch>[0], init?: RequestInit) {
    if (this.network !== "up") return plain(input, init);
    const path = new URL(String(input), "https://clinic.test").pathname;
    if (path === "/api/devices/wiped") {
      this.told.push(JSON.parse(String(init?.body)).left);
      this.wipe = "done";
      // From now on its work is kept apart.
      for (const client of this.clients.values()) client.forked = true;
      return Response.json({ clients: this.known() });
    }
    const delivers = path === "/api/sync/deliver" && this.wipe === "done";
    if (this.wipe !== "no" && !delivers) return refused();
    if (path === "/api/devices/this") return Response.json({ clients: [] });
    if (path === "/api/sync/events") return this.#listen(init?.signal);
    return plain(input, init);
  }

  #listen(signal: AbortSignal | null | undefined): Response {
    const streams = this.#streams;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        streams.add(controller);
        signal?.addEventListener("abort", () => controller.error(new Error("aborted")));
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  }

  /** Up to which number it knows each client; said only after it went back to a backup. */
  known(): { readonly clientId: string; readonly lastN: number }[] {
    if (!this.restored) return [];
    return [...this.clients].map(([clientId, { lastN }]) => ({ clientId, lastN }));
  }

  /** How many tablets listen. */
  get listening(): number {
    return this.#streams.size;
  }

  /** Says it to whoever listens. */
  say(): void {
    for (const stream of this.#streams) stream.enqueue(new TextEncoder().encode('data: {"type":"wipe"}\n\n'));
  }
}
