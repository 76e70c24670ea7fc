import { instantNow, monotonic } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { MAX_PUSH, mutationHash, type PushedMutation } from "#domain/sync/protocol.ts";
import { TestPractice } from "../../e2e/fixtures/practice.ts";
import { trialPassword } from "../../e2e/pages/door.ts";
import { median } from "../median.ts";

const BATCHES = 10;

export async function post(url: string, body: unknown, token?: string): Promise<Record<string, unknown>> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json() as Promise<Record<string, unknown>>;
}

/** Registers patients as the front desk does; for benchmarks that need many of them. */
export async function registerPatients(url: string, count: number): Promise<void> {
  const session = await post(`${url}/api/session`, {
    username: "frontdesk",
    password: trialPassword,
    device: { id: newId(), name: "bench" },
  });
  const user = session.user as { id: string };
  const clientId = newId();
  for (let done = 0; done < count; done += MAX_PUSH) {
    const mutations = Array.from({ length: Math.min(MAX_PUSH, count - done) }, (_, i) =>
      registration(done + i + 1, user.id),
    );
    await post(`${url}/api/sync/push`, { epoch: null, clientId, mutations }, String(session.accessToken));
  }
}

/** Mutations per second of one client that pushes batches of 50 over HTTP to a real practice, fsync on. */
export async function measurePush(samples: number): Promise<number> {
  const practice = await TestPractice.start();
  try {
    const session = await post(`${practice.url}/api/session`, {
      username: "frontdesk",
      password: trialPassword,
      device: { id: newId(), name: "bench" },
    });
    const user = session.user as { id: string };
    const rates: number[] = [];
    for (let sample = 0; sample < samples; sample++) {
      const clientId = newId();
      const begin = monotonic();
      for (let batch = 0; batch < BATCHES; batch++) {
        const mutations = Array.from({ length: MAX_PUSH }, (_, i) =>
          registration(batch * MAX_PUSH + i + 1, user.id),
        );
        const result = await post(
          `${practice.url}/api/sync/push`,
          { epoch: null, clientId, mutations },
          String(session.accessToken),
        );
        const results = result.results as { status: string }[];
        if (results.length !== MAX_PUSH || results.some(({ status }) => status !== "applied"))
          throw new Error("a mutation was not applied");
      }
      rates.push((BATCHES * MAX_PUSH) / ((monotonic() - begin) / 1000));
    }
    return median(rates);
  } finally {
    await practice.remove();
  }
}

function registration(n: number, actor: string): PushedMutation {
  const mutation = {
    n,
    id: newId(),
    name: "patient.register",
    v: 1,
    args: {
      id: newId(),
      givenName: "Bench",
      familyName: `Trial-${n}`,
      birthDate: "1970-01-01",
      sex: "female",
      preferredName: "",
      phone: "",
    },
    base: null,
    at: instantNow(),
    tz: "America/New_York",
    actor,
    role: "front-desk" as const,
  };
  return { ...mutation, hash: mutationHash(mutation) };
}
