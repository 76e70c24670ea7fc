import { afterEach, describe, expect, test } from "vitest";
import { toBase64Url, utf8 } from "#domain/kernel/bytes.ts";
import { randomBytes, useClock } from "#domain/kernel/clock.ts";
import { passkeySecret } from "../local/keys/passkey-wrap.ts";
import { LocalError } from "../local/local-error.ts";
import type { UserRecord } from "../local/store/database.ts";
import { FakeClinic } from "../local/testing/fake-clinic.ts";
import { movableClock } from "../local/testing/people.ts";
import { PIN, rawDisk, signInFresh, startTablet, type Tablet } from "../local/testing/tablet.ts";
import type { Authenticator } from "./authenticator.ts";
import type { MakePasskey } from "./passkeys.ts";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of cleanup.splice(0).reverse()) await end();
});

/** Holds one passkey, whose secret depends on the question as the real function's does. */
class OnePasskey implements Authenticator {
  readonly credentialId = toBase64Url(randomBytes(16));
  readonly asked: (readonly string[] | undefined)[] = [];
  readonly #userId: string;
  readonly #seed = randomBytes(32);
  readonly #prf: boolean;
  refuses = false;

  constructor(userId: string, prf = true) {
    this.#userId = userId;
    this.#prf = prf;
  }

  async secret(question: Uint8Array<ArrayBuffer>) {
    if (!this.#prf) return null;
    const key = await crypto.subtle.importKey("raw", this.#seed, { name: "HMAC", hash: "SHA-256" }, false, [
      "sign",
    ]);
    return passkeySecret(this.credentialId, new Uint8Array(await crypto.subtle.sign("HMAC", key, question)));
  }

  create = (): never => {
    throw new Error("made by the test");
  };

  get: Authenticator["get"] = async (_challenge, question, allow) => {
    this.asked.push(allow);
    if (this.refuses || (allow && !allow.includes(this.credentialId))) throw new LocalError("no_passkey");
    const response = {
      clientDataJSON: "e30",
      authenticatorData: "e30",
      signature: "e30",
      userHandle: toBase64Url(utf8(this.#userId)),
    };
    const { credentialId: id } = this;
    return {
      assertion: { id, rawId: id, type: "public-key", response },
      secret: await this.secret(question),
    };
  };
}

const make =
  (passkey: OnePasskey): MakePasskey =>
  (_authenticator, question) =>
    passkey.secret(question);

async function withPasskey({ prf = true, name }: { prf?: boolean; name?: string } = {}) {
  const clinic = new FakeClinic();
  const passkey = new OnePasskey(clinic.user.id, prf);
  clinic.passkeys = [passkey.credentialId];
  const tablet = await startTablet(clinic, { authenticator: passkey, ...(name ? { name } : {}) });
  cleanup.push(() => tablet.local.close());
  await signInFresh(tablet);
  return { clinic, passkey, tablet, session: tablet.local.session };
}

const wrapsOf = async (tablet: Tablet) => (await tablet.database.users.toArray())[0]?.keys.passkeys ?? [];

describe("unlocking with a passkey", () => {
  test("works without the clinic, and shows in the session", async () => {
    const { clinic, passkey, session } = await withPasskey();
    expect(session.get().passkeys).toEqual([]);
    expect(await session.addPasskey(PIN, make(passkey))).toBe(true);
    expect(session.get().passkeys).toEqual([passkey.credentialId]);
    clinic.network = "down";
    await session.lock();
    await session.unlockByPasskey();
    expect(session.get().state).toBe("unlocked");
    expect(passkey.asked).toEqual([[passkey.credentialId]]);
  });

  test("goes on while a wrong PIN waits, and a refused passkey lets no PIN wait", async () => {
    const clock = movableClock();
    cleanup.push(useClock({ now: clock.now }));
    const { passkey, session } = await withPasskey();
    await session.addPasskey(PIN, make(passkey));
    await session.lock();
    passkey.refuses = true;
    for (let i = 0; i < 8; i++)
      await expect(session.unlockByPasskey()).rejects.toMatchObject({ code: "no_passkey" });
    expect(session.get()).toMatchObject({ state: "locked", wrongPins: 0, pinWaitUntil: null });
    for (let i = 0; i < 5; i++)
      await expect(session.unlock("wrong-pin")).rejects.toMatchObject({ code: "wrong_pin" });
    await expect(session.unlock(PIN)).rejects.toMatchObject({ code: "pin_wait" });
    passkey.refuses = false;
    await session.unlockByPasskey();
    expect(session.get().state).toBe("unlocked");
    await session.lock();
    await expect(session.unlock(PIN)).rejects.toMatchObject({ code: "pin_wait" });
  });

  test("is added only with the right PIN, which counts as a try", async () => {
    const { passkey, tablet, session } = await withPasskey();
    await expect(session.addPasskey("wrong-pin", make(passkey))).rejects.toMatchObject({ code: "wrong_pin" });
    expect(session.get().wrongPins).toBe(1);
    expect(await wrapsOf(tablet)).toEqual([]);
  });

  test("stays after a change of the PIN, and goes when it is removed", async () => {
    const { passkey, tablet, session } = await withPasskey();
    await session.addPasskey(PIN, make(passkey));
    await session.changePin(PIN, "another-pin");
    await session.lock();
    await session.unlockByPasskey();
    expect(await rawDisk(tablet.database)).toContain(passkey.credentialId);
    await session.dropPasskey(passkey.credentialId);
    expect(session.get().passkeys).toEqual([]);
    expect(await rawDisk(tablet.database)).not.toContain(passkey.credentialId);
    await session.lock();
    await expect(session.unlockByPasskey()).rejects.toMatchObject({ code: "no_passkey" });
    await session.unlock("another-pin");
  });

  test("the PIN that was given meanwhile wins; nothing is opened twice", async () => {
    const { passkey, session, tablet } = await withPasskey();
    await session.addPasskey(PIN, make(passkey));
    await session.lock();
    await Promise.all([session.unlock(PIN), session.unlockByPasskey()]);
    expect(session.get().state).toBe("unlocked");
    await tablet.local.syncNow();
    await session.lock();
    expect(session.get().state).toBe("locked");
  });
});

describe("signing in with a passkey", () => {
  test("opens the tablet with the same touch", async () => {
    const { passkey, session } = await withPasskey();
    await session.addPasskey(PIN, make(passkey));
    await session.signOut();
    expect(session.get().state).toBe("signed-out");
    await session.signInByPasskey();
    expect(session.get()).toMatchObject({ state: "unlocked", user: { name: "Ana Trial" }, online: true });
    expect(passkey.asked).toEqual([undefined]);
  });

  test.each([true, false])("without a wrap on this tablet asks for the PIN (secret: %s)", async (prf) => {
    const { session } = await withPasskey({ prf });
    await session.signOut();
    await session.signInByPasskey();
    expect(session.get()).toMatchObject({ state: "locked", user: { name: "Ana Trial" } });
    await session.unlock(PIN);
    expect(session.get()).toMatchObject({ state: "unlocked", online: true });
  });

  test("for the first time on a tablet still sets a PIN, and the passkey opens it from then on", async () => {
    const { clinic, passkey } = await withPasskey();
    const tablet = await startTablet(clinic, { authenticator: passkey });
    cleanup.push(() => tablet.local.close());
    const { session } = tablet.local;
    await session.signInByPasskey();
    expect(session.get().state).toBe("set-pin");
    await session.setPin(PIN);
    expect(session.get().users).toMatchObject([{ username: "ana" }]);
    await session.lock();
    await session.unlockByPasskey();
    await session.lock();
    await session.unlock(PIN);
    expect(session.get().state).toBe("unlocked");
  });

  test("with one that the clinic does not know is refused", async () => {
    const { clinic, session } = await withPasskey();
    clinic.passkeys = [];
    await session.signOut();
    await expect(session.signInByPasskey()).rejects.toMatchObject({ code: "passkey_refused" });
    expect(session.get().state).toBe("signed-out");
  });
});

describe("a passkey that was removed at the clinic", () => {
  test("opens nothing here any more once the clinic was heard", async () => {
    const { clinic, passkey, tablet, session } = await withPasskey();
    await session.addPasskey(PIN, make(passkey));
    clinic.passkeys = [];
    await session.signIn({ username: "ana", password: "correct horse battery" });
    expect(await wrapsOf(tablet)).toEqual([]);
  });

  test("does not come back with a PIN that was being changed just then", async () => {
    const { clinic, passkey, tablet, session } = await withPasskey();
    await session.addPasskey(PIN, make(passkey));
    clinic.passkeys = [];
    const { users } = tablet.database;
    const update = users.update.bind(users);
    const { promise: heard, resolve: hears } = Promise.withResolvers<void>();
    Object.assign(users, {
      update: async (id: string, change: Partial<UserRecord>) => {
        const counted = await update(id, change);
        if (change.wrongPins === 1) await heard; // the try is on the disk; the keys were read before it
        return counted;
      },
    });
    const changing = session.changePin(PIN, "brand-new-pin");
    await session.signIn({ username: "ana", password: "correct horse battery" });
    hears();
    await changing;
    expect(await wrapsOf(tablet)).toEqual([]);
    await session.lock();
    await session.unlock("brand-new-pin");
    expect(session.get().state).toBe("unlocked");
  });

  test("stays where the clinic says nothing of passkeys", async () => {
    const { clinic, passkey, tablet, session } = await withPasskey();
    await session.addPasskey(PIN, make(passkey));
    clinic.passkeys = undefined;
    await session.signIn({ username: "ana", password: "correct horse battery" });
    expect(await wrapsOf(tablet)).toHaveLength(1);
  });
});
