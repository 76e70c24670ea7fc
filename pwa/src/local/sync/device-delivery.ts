import { type KnownClients, knownClientsSchema } from "#domain/sync/protocol.ts";
import { endsSession } from "../../session/access.ts";
import { ApiError } from "../../session/api-error.ts";
import type { LocalLayer } from "../create-local.ts";
import { deviceProof } from "../keys/device-identity.ts";
import { LocalError } from "../local-error.ts";
import { soonest } from "../soonest.ts";
import type { Wiping } from "../wipe.ts";
import { backoff } from "./backoff.ts";
import { deliver } from "./push.ts";

/** Milliseconds between looks at sealed work that waits while nobody is signed in. */
const DELIVER_EVERY = 30_000;

const isWiped = (error: unknown): boolean => error instanceof ApiError && error.code === "device_wiped";

/**
 * What nobody here can send in their own name (locked, ended, somebody else's, wiped), the device itself delivers. One
 * delivery runs at a time; whoever asks for another during it gets one as soon as they asked.
 */
export class DeviceDelivery {
  readonly #layer: LocalLayer;
  readonly #next = soonest(() => void this.#run());
  #running = false;
  /** The soonest that was asked for while a delivery was under way, in milliseconds. */
  #again = Number.POSITIVE_INFINITY;
  #failures = 0;
  #ended = false;
  #wiping: Wiping | null = null;
  /** The clinic does not want to hear of this device, until somebody signs in on it again. */
  #removed = false;

  constructor(layer: LocalLayer) {
    this.#layer = layer;
  }

  /** Begins after so many milliseconds, or sooner where somebody asked for that. */
  after(wait: number): void {
    if (this.#ended) return;
    if (this.#running) this.#again = Math.min(this.#again, wait);
    else this.#next.in(wait);
  }

  end(): void {
    this.#ended = true;
    this.#next.cancel();
  }

  async #run(): Promise<void> {
    if (this.#layer.control.view.get().state === "elsewhere") return;
    this.#running = true;
    this.#again = Number.POSITIVE_INFINITY;
    const wait = await this.#deliver();
    this.#running = false;
    this.after(Math.min(wait, this.#again));
  }

  /** The client of whoever works here and sends in her own name. */
  #sender(): string | null {
    const { workspace, control } = this.#layer;
    const { state, signInWanted } = control.view.get();
    return state === "unlocked" && !signInWanted ? (workspace.get()?.author().clientId ?? null) : null;
  }

  /** @returns milliseconds until the next one */
  async #deliver(): Promise<number> {
    const { options, control, workspace, outbox, connection, api, skew, history } = this.#layer;
    const { database, origin } = options;
    try {
      if (control.view.get().state === "wiped") return await this.#goOnWiping();
      const mine = this.#sender();
      const sealed = await outbox.undelivered();
      this.#layer.sealed.set(sealed.map(({ user }) => user));
      const waiting = sealed.filter(({ clientId }) => clientId !== mine);
      if (!workspace.get()) connection.counts({ waiting: waiting.length, attention: 0, reports: 0 });
      if (waiting.length === 0) {
        const asks = mine === null || workspace.get()?.restored.get();
        return asks && (await this.#askAfterMyself(mine)) ? 0 : DELIVER_EVERY;
      }
      if (await history.isRefused()) return DELIVER_EVERY;
      const context = { api, database, device: control.device, origin, skew };
      const answers = await deliver(context, waiting, {
        onAnswers: async (clientId, results) => {
          if (workspace.get()?.author().clientId === clientId) await workspace.get()?.learn(results);
        },
        onBehind: (known) => this.#giveBack([known]),
      });
      this.#failures = 0;
      return answers > 0 ? 0 : DELIVER_EVERY;
    } catch (error) {
      const expected = error instanceof LocalError || endsSession(error) || isWiped(error);
      if (!this.#ended && !expected) console.warn("delivery was refused", error);
      return Math.max(backoff(this.#failures++), 5000);
    }
  }

  async #goOnWiping(): Promise<number> {
    const { Wiping } = await import("../wipe.ts");
    this.#wiping ??= new Wiping(this.#layer);
    const wait = await this.#wiping.goOn();
    this.#failures = 0;
    return wait;
  }

  /**
   * A tablet at which nobody works hears of its removal too, and of a clinic that went back to a backup.
   * @returns whether there is something to give back
   */
  async #askAfterMyself(mine: string | null): Promise<boolean> {
    const { options, control, api, skew } = this.#layer;
    const { practice: practiceId, device } = control;
    if (practiceId === null || (this.#removed && mine === null)) return false;
    const path = "/api/devices/this";
    const url = `${options.origin}${path}`;
    const proof = await deviceProof(device, { practiceId, method: "GET", url, skew });
    try {
      const { clients } = await api.request(path, {
        authorization: `Device ${proof}`,
        answer: knownClientsSchema,
      });
      this.#removed = false;
      const others = clients.filter(({ clientId }) => clientId !== mine);
      if (others.length === 0) return false;
      return await this.#giveBack(others);
    } catch (error) {
      const { code = "" } = error instanceof ApiError ? error : {};
      if (code !== "device_revoked" && code !== "device_not_enrolled") throw error;
      this.#removed = true;
      return false;
    }
  }

  /** Puts back in line what the clinic does not know of each client, and says whether there was anything. */
  async #giveBack(known: KnownClients): Promise<boolean> {
    const { options, workspace } = this.#layer;
    const { requeueAll } = await import("../store/give-back.ts");
    if (!(await requeueAll(options.database, known))) return false;
    this.#layer.offerSound();
    // Whoever works here without being signed in has these entries in sight, and sends them once they are.
    await workspace.get()?.requeued();
    return true;
  }
}
