import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { LiveEvent } from "#domain/sync/protocol.ts";
import { parseEvents } from "../local/sync/live.ts";
import { createApi } from "./api.ts";

const answerOf = (body: string, type: string, status = 200) =>
  new Response(body, { status, headers: { "content-type": type, date: "Tue, 12 Jan 2027 14:00:00 GMT" } });

async function ask(response: Response | Error) {
  const heard: string[] = [];
  const api = createApi({
    fetch: async () => {
      if (response instanceof Error) throw response;
      return response;
    },
    onAnswer: () => heard.push("answer"),
    onSilence: () => heard.push("silence"),
  });
  const outcome = await api
    .request("/api/x", { answer: z.object({ head: z.int() }) })
    .catch((error: { code?: string }) => error.code ?? "?");
  return { outcome, heard };
}

describe("only the clinic's own answers count", () => {
  test.each([
    ["no network", new TypeError("failed")],
    ["a login page", answerOf("<html>", "text/html")],
    ["a login page that says it is JSON", answerOf("<html>", "application/json")],
    ["somebody else's JSON", answerOf('{"ok":true}', "application/json")],
    ["a proxy's error page", answerOf("<html>", "text/html", 502)],
    ["a proxy's JSON error", answerOf('{"error":"bad gateway"}', "application/json", 502)],
    ["an unknown problem", answerOf('{"code":"made_up"}', "application/problem+json", 403)],
  ])("%s is silence", async (_name, response) => {
    expect(await ask(response)).toEqual({ outcome: "offline", heard: ["silence"] });
  });

  test("a good answer and a refusal are answers", async () => {
    const good = await ask(answerOf('{"head":3}', "application/json; charset=utf-8"));
    expect(good).toEqual({ outcome: { head: 3 }, heard: ["answer"] });
    const refused = await ask(answerOf('{"code":"forbidden"}', "application/problem+json", 403));
    expect(refused).toEqual({ outcome: "forbidden", heard: ["answer"] });
  });
});

test("live events survive being cut anywhere", () => {
  const text =
    ': heartbeat\n\ndata: {"type":"change","stream":"schedule","head":7}\n\nevent: x\ndata: {"type":"wipe"}\r\n\r\ndata: nonsense\n\n';
  for (let cut = 0; cut <= text.length; cut++) {
    const events: LiveEvent[] = [];
    const feed = parseEvents((event) => events.push(event));
    feed(text.slice(0, cut));
    feed(text.slice(cut));
    expect(events, `cut at ${cut}`).toEqual([
      { type: "change", stream: "schedule", head: 7 },
      { type: "wipe" },
    ]);
  }
});
