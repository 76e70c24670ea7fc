import { describe, expect, test } from "vitest";
import { randomBytes } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { quickDerive } from "../testing/tablet.ts";
import { open, openJson, seal, sealJson } from "./aes.ts";
import { newSigningPair } from "./device-identity.ts";
import { createKeyring, rewrapKeyring, unlockKeyring } from "./keyring.ts";
import { newKdfParameters, waitAfter } from "./pin.ts";

async function fresh(pin = "correct-pin") {
  const userId = newId();
  const secret = randomBytes(32);
  const made = await createKeyring({
    userId,
    pin,
    secret,
    pair: await newSigningPair(),
    derive: quickDerive,
    kdf: newKdfParameters(64, 1),
  });
  return { userId, secret, ...made };
}

describe("keyring", () => {
  test("the PIN brings back the same keys, and none of them can be taken out", async () => {
    const { userId, secret, keyring, wrapped } = await fresh();
    const again = await unlockKeyring(userId, wrapped, "correct-pin", secret, quickDerive);
    const sealed = await sealJson(keyring.root, { word: "lisinopril" }, "place");
    expect(await openJson(again.root, sealed, "place")).toEqual({ word: "lisinopril" });
    for (const key of [again.root, again.signing, again.index]) {
      expect(key.extractable).toBe(false);
      await expect(crypto.subtle.exportKey("raw", key)).rejects.toThrow();
    }
  });

  test.each([
    ["a wrong PIN", "correct-pim", false],
    ["another device's secret", "correct-pin", true],
  ])("%s opens nothing", async (_name, pin, otherDevice) => {
    const { userId, secret, wrapped } = await fresh();
    const used = otherDevice ? randomBytes(32) : secret;
    await expect(unlockKeyring(userId, wrapped, pin, used, quickDerive)).rejects.toMatchObject({
      code: "wrong_pin",
    });
  });

  test("a wrap is bound to its person", async () => {
    const { secret, wrapped } = await fresh();
    await expect(unlockKeyring(newId(), wrapped, "correct-pin", secret, quickDerive)).rejects.toMatchObject({
      code: "wrong_pin",
    });
  });

  test("changing the PIN keeps the root key and drops the old PIN", async () => {
    const { userId, secret, keyring, wrapped } = await fresh();
    const pins = { old: "correct-pin", next: "another-pin" };
    const changed = await rewrapKeyring(userId, wrapped, pins, secret, quickDerive);
    const again = await unlockKeyring(userId, changed, "another-pin", secret, quickDerive);
    const sealed = await sealJson(keyring.root, 1, "place");
    expect(await openJson(again.root, sealed, "place")).toBe(1);
    await expect(unlockKeyring(userId, changed, "correct-pin", secret, quickDerive)).rejects.toThrow();
  });

  test("a PIN of seven characters is refused, eight are enough", async () => {
    await expect(fresh("1234567")).rejects.toMatchObject({ code: "pin_too_short" });
    for (const pin of ["11111111", "12345678", "98765432", "abcdefgh", "12121212", "19721972"])
      await expect(fresh(pin), pin).rejects.toMatchObject({ code: "pin_guessable" });
    await expect(fresh("12345687")).resolves.toBeDefined();
  });

  test("sealed bytes open only in their own place", async () => {
    const { keyring } = await fresh();
    const sealed = await seal(keyring.root, new Uint8Array([1, 2, 3]), "rows|a");
    expect([...(await open(keyring.root, sealed, "rows|a"))]).toEqual([1, 2, 3]);
    await expect(open(keyring.root, sealed, "rows|b")).rejects.toMatchObject({ code: "damaged" });
  });

  test("production parameters are 64 MiB", () => {
    expect(newKdfParameters()).toMatchObject({ name: "argon2id", memoryKiB: 65_536 });
  });

  test("waits: none up to four, 30 s after five, doubling to 15 minutes", () => {
    expect([1, 4, 5, 6, 7, 8, 9, 10, 11, 100].map((wrong) => waitAfter(wrong) / 1000)).toEqual([
      0, 0, 30, 60, 120, 240, 480, 900, 900, 900,
    ]);
  });
});
