import { type PullRequest, type PullResult, scopeHash } from "#domain/sync/protocol.ts";
import { post } from "../app/push.ts";
import { type Clinic, heldAfter, signIn } from "./clinic.ts";

/** Devices that hold everything already and fetch what changes, as the measured ones do. */
export interface Crowd {
  leave(): Promise<void>;
}

type Fetch = () => Promise<void>;

export async function joinCrowd(clinic: Clinic, name: "jamemr" | "rxdb", size: number): Promise<Crowd> {
  const end = new AbortController();
  const members = await Promise.all(
    Array.from({ length: size }, () =>
      name === "jamemr" ? jamemrMember(clinic, end.signal) : rxdbMember(clinic, end.signal),
    ),
  );
  return {
    async leave() {
      end.abort();
      await Promise.all(members.map(({ done }) => done));
    },
  };
}

/**
 * Hears server-sent events and fetches after each, unless what it tells of has come already; what comes during a fetch
 * is fetched right after it.
 */
async function follow(
  url: string,
  headers: Record<string, string>,
  fetchNews: Fetch,
  isNews: (event: { head?: number }) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const response = await fetch(url, { headers, signal });
  if (!response.ok || !response.body) throw new Error(`${url}: ${response.status}`);
  const wanted: { head?: number }[] = [];
  let running = Promise.resolve();
  const run = async () => {
    while (wanted.length > 0) {
      const news = wanted.splice(0).some(isNews);
      if (news) await fetchNews();
    }
  };
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const listen = async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const idle = wanted.length === 0;
      for (const line of value.split("\n"))
        if (line.startsWith("data:")) wanted.push(JSON.parse(line.slice(5)) as { head?: number });
      if (idle && wanted.length > 0) running = running.then(run);
    }
  };
  await listen().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  await running;
}

async function jamemrMember({ url }: Clinic, signal: AbortSignal): Promise<{ done: Promise<void> }> {
  const { token, clientId } = await signIn(url, "clinician");
  let position: Pick<PullRequest, "cursor" | "held"> = { cursor: 0, held: [] };
  const pull: Fetch = async () => {
    for (let more = true; more; ) {
      const streams = position.held.map(([stream]) => stream);
      const body = {
        epoch: null,
        clientId,
        ...position,
        scopeHash: scopeHash(streams),
        want: [],
        limit: 2000,
      };
      const page = (await post(`${url}/api/sync/pull`, body, token)) as unknown as PullResult;
      position = { cursor: page.cursor, held: heldAfter(page) };
      ({ more } = page);
    }
  };
  await pull();
  const headers = { authorization: `Bearer ${token}`, accept: "text/event-stream" };
  const isNews = ({ head = Infinity }: { head?: number }) => head > position.cursor;
  return { done: follow(`${url}/api/sync/events`, headers, pull, isNews, signal) };
}

async function rxdbMember({ peerUrl }: Clinic, signal: AbortSignal): Promise<{ done: Promise<void> }> {
  let since = 0;
  const pull: Fetch = async () => {
    for (;;) {
      const answer = await fetch(`${peerUrl}/rx/pull?since=${since}&limit=1000`);
      const { documents, checkpoint } = (await answer.json()) as {
        documents: unknown[];
        checkpoint: { seq: number };
      };
      since = checkpoint.seq;
      if (documents.length < 1000) return;
    }
  };
  await pull();
  return { done: follow(`${peerUrl}/rx/events`, {}, pull, () => true, signal) };
}
