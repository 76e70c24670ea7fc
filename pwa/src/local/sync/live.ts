import { after } from "#domain/kernel/clock.ts";
import { type LiveEvent, liveEventSchema } from "#domain/sync/protocol.ts";
import type { Api } from "../../session/api.ts";

/** The server's heartbeat comes every 15 s; after this long without a byte the stream is dead. */
const SILENCE = 40_000;

/** Reads server-sent events by fetch, because EventSource cannot send Authorization. */
export function parseEvents(onEvent: (event: LiveEvent) => void): (text: string) => void {
  let rest = "";
  return (text) => {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (!line.startsWith("data:")) continue; // comments are heartbeats; other fields are not used
      const parsed = liveEventSchema.safeParse(jsonOrNull(line.slice(5).trim()));
      if (parsed.success) onEvent(parsed.data);
    }
  };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Listens until the stream ends, by whatever cause. `onOpen` is called once the server accepted it.
 * @throws {LocalError} offline · {ApiError} refused
 */
export async function listen(
  api: Api,
  authorization: string,
  handlers: { readonly onOpen: () => void; readonly onEvent: (event: LiveEvent) => void },
  signal: AbortSignal,
): Promise<void> {
  const response = await api.open("/api/sync/events", {
    authorization,
    type: "text/event-stream",
    signal,
    patience: Number.POSITIVE_INFINITY,
  });
  handlers.onOpen();
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) return;
  const feed = parseEvents(handlers.onEvent);
  let stopWatch = () => {};
  try {
    for (;;) {
      stopWatch = after(SILENCE, () => void reader.cancel().catch(() => {}));
      const { done, value } = await reader.read();
      stopWatch();
      if (done) return;
      feed(value);
    }
  } finally {
    stopWatch();
    await reader.cancel().catch(() => {});
  }
}
