import { describe, expect, test } from "vitest";
import { randomBytes } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { quickDerive } from "../testing/tablet.ts";
import { openJson, sealJson } from "./aes.ts";
import { newSigningPair } from "./device-identity.ts";
import { createKeyring, rewrapKeyring, unlockKeyring, type WrappedKeyring } from "./keyring.ts";
import {
  type PasskeySecret,
  passkeyQuestion,
  passkeySecret,
  pinKeyOf,
  rewrapForPasskey,
  unlockByPasskey,
  wrapForPasskey,
} from "./passkey-wrap.ts";
import { newKdfParameters } from "./pin.ts";

const PIN = "correct-pin";
const secretOf = (credentialId = "key-1", output = randomBytes(32)) => passkeySecret(credentialId, output);

async function wrappedFor(secret: PasskeySecret) {
  const userId = newId();
  const deviceSecret = randomBytes(32);
  const { keyring, wrapped } = await createKeyring({
    userId,
    pin: PIN,
    secret: deviceSecret,
    pair: await newSigningPair(),
    derive: quickDerive,
    kdf: newKdfParameters(64, 1),
  });
  const pinKey = await pinKeyOf(userId, wrapped, PIN, deviceSecret, quickDerive);
  const wrap = await rewrapForPasskey(userId, wrapped, pinKey, secret, deviceSecret);
  const both: WrappedKeyring = { ...wrapped, passkeys: [wrap] };
  return { userId, deviceSecret, keyring, wrapped: both, wrap };
}

describe("a passkey on a tablet", () => {
  test("brings back the same keys as the PIN, and none of them can be taken out", async () => {
    const secret = await secretOf();
    const { userId, deviceSecret, keyring, wrapped } = await wrappedFor(secret);
    const again = await unlockByPasskey(userId, wrapped, secret, deviceSecret);
    const sealed = await sealJson(keyring.root, { word: "lisinopril" }, "place");
    expect(await openJson(again.root, sealed, "place")).toEqual({ word: "lisinopril" });
    for (const key of [again.root, again.signing, again.index, secret.key])
      expect(key.extractable).toBe(false);
  });

  test("a change of the PIN leaves it as it is", async () => {
    const secret = await secretOf();
    const { userId, deviceSecret, keyring, wrapped } = await wrappedFor(secret);
    const pins = { old: PIN, next: "another-pin" };
    const changed = await rewrapKeyring(userId, wrapped, pins, deviceSecret, quickDerive);
    const again = await unlockByPasskey(userId, changed, secret, deviceSecret);
    const sealed = await sealJson(keyring.root, 1, "place");
    expect(await openJson(again.root, sealed, "place")).toBe(1);
  });

  test("without its wrap opens nothing, while the PIN still does", async () => {
    const secret = await secretOf();
    const { userId, deviceSecret, wrapped } = await wrappedFor(secret);
    const without = { ...wrapped, passkeys: [] };
    await expect(unlockByPasskey(userId, without, secret, deviceSecret)).rejects.toMatchObject({
      code: "no_passkey",
    });
    await expect(unlockKeyring(userId, without, PIN, deviceSecret, quickDerive)).resolves.toBeDefined();
  });

  test("of another device, another person, or with another secret opens nothing", async () => {
    const output = randomBytes(32);
    const secret = await secretOf("key-1", output.slice());
    const { userId, deviceSecret, wrapped } = await wrappedFor(secret);
    const opened = async (device: typeof deviceSecret, person: string, used: PasskeySecret) =>
      expect(unlockByPasskey(person, wrapped, used, device)).rejects.toMatchObject({ code: "no_passkey" });
    await opened(randomBytes(32), userId, secret);
    await opened(deviceSecret, newId(), secret);
    await opened(deviceSecret, userId, await secretOf("key-1"));
    await opened(deviceSecret, userId, await secretOf("key-2", output.slice()));
  });

  test("two wraps of one passkey have nothing in common", async () => {
    const secret = await secretOf();
    const [root, device, userId] = [randomBytes(32), randomBytes(32), newId()];
    const one = await wrapForPasskey(userId, root, secret, device);
    const two = await wrapForPasskey(userId, root, secret, device);
    expect(one.salt).not.toEqual(two.salt);
    const crossed = { passkeys: [{ ...one, salt: two.salt }] } as unknown as WrappedKeyring;
    await expect(unlockByPasskey(userId, crossed, secret, device)).rejects.toMatchObject({
      code: "no_passkey",
    });
  });

  test("a wrong PIN makes no wrap, and the authenticator's bytes do not stay", async () => {
    const { userId, deviceSecret, wrapped } = await wrappedFor(await secretOf());
    await expect(pinKeyOf(userId, wrapped, "wrong-pin", deviceSecret, quickDerive)).rejects.toMatchObject({
      code: "wrong_pin",
    });
    const output = randomBytes(32);
    await passkeySecret("key-1", output);
    expect(output.every((byte) => byte === 0)).toBe(true);
  });

  test("each device asks its own question", async () => {
    const device = randomBytes(32);
    expect(await passkeyQuestion(device)).toEqual(await passkeyQuestion(device));
    expect(await passkeyQuestion(device)).not.toEqual(await passkeyQuestion(randomBytes(32)));
  });
});
