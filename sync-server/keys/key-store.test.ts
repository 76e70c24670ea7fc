import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CompactEncrypt, importJWK } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import { openKeyStore, seal, unseal } from "./key-store.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "jamemr-keys-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const key = Buffer.alloc(32, 7);

describe("sealing", () => {
  it("opens only with the same key, context and bytes", () => {
    const sealed = seal(key, Buffer.from("words"), "note|1");
    expect(unseal(key, sealed, "note|1").toString()).toBe("words");
    expect(sealed.includes("words")).toBe(false);
    expect(seal(key, Buffer.from("words"), "note|1").equals(sealed)).toBe(false);
    expect(() => unseal(Buffer.alloc(32, 8), sealed, "note|1")).toThrow();
    expect(() => unseal(key, sealed, "note|2")).toThrow();
    for (let index = 0; index < sealed.length; index++) {
      const altered = Buffer.from(sealed);
      altered[index]! ^= 1;
      expect(() => unseal(key, altered, "note|1"), String(index)).toThrow();
    }
    for (const length of [0, 5, 20, sealed.length - 1])
      expect(() => unseal(key, sealed.subarray(0, length), "note|1")).toThrow();
  });
});

describe("the key store", () => {
  it("makes no key anew for a practice that has sealed with one", async () => {
    const own = await mkdtemp(join(tmpdir(), "jamemr-lost-keys-"));
    await openKeyStore(own);
    await openKeyStore(own, { founded: true });
    for (const file of ["practice", "signing.json", "agreement.json"]) {
      const kept = await readFile(join(own, file));
      await rm(join(own, file));
      await expect(openKeyStore(own, { founded: true })).rejects.toMatchObject({
        code: "keys_missing",
        facts: { file, path: own },
      });
      expect(await readdir(own)).not.toContain(file);
      await writeFile(join(own, file), kept);
    }
    await openKeyStore(own, { founded: true });
    await rm(own, { recursive: true });
  });

  it("keeps its keys over a restart, for its owner's eyes only", async () => {
    const [first, again] = [await openKeyStore(folder), await openKeyStore(folder)];
    expect(again.signing).toMatchObject({ kid: first.signing.kid, publicJwk: first.signing.publicJwk });
    expect(again.agreement).toEqual(first.agreement);
    const visit = newId();
    const made = await first.visitKey(visit, { create: true });
    expect(await again.visitKey(visit)).toEqual(made);
    const sealed = first.sealForPractice(Buffer.from("x"), "c");
    expect(sealed.length).toBeGreaterThan(28);
    for (const name of await readdir(folder, { recursive: true })) {
      const { mode } = await stat(join(folder, name));
      expect(mode & 0o077, name).toBe(0);
    }
    expect(first.signing.publicJwk).not.toHaveProperty("d");
    expect(first.agreement.publicKey).not.toHaveProperty("d");
  });

  it("makes one key per visit however many ask at once, and none unless asked to", async () => {
    const store = await openKeyStore(folder);
    const visit = newId();
    expect(await store.visitKey(visit)).toBeNull();
    const keys = await Promise.all(Array.from({ length: 10 }, () => store.visitKey(visit, { create: true })));
    expect(new Set(keys.map((one) => one!.toString("hex"))).size).toBe(1);
    expect(await store.visitKey(newId(), { create: true })).not.toEqual(keys[0]);
  });

  it("wraps a visit's key under the practice's: the file alone, or under another visit's name, is worth nothing", async () => {
    const store = await openKeyStore(folder);
    const [visit, other] = [newId(), newId()];
    const made = await store.visitKey(visit, { create: true });
    const file = await readFile(join(folder, "visits", visit), "utf8");
    expect(file).not.toContain(made!.toString("base64url"));
    const { writeFile } = await import("node:fs/promises");
    await writeFile(join(folder, "visits", other), file);
    await expect(store.visitKey(other)).rejects.toThrow();
    await rm(join(folder, "visits", other));
    await rm(join(folder, "visits", visit));
    expect(await store.visitKey(visit)).toBeNull();
  });

  it("opens what was sealed to this practice, by the agreed method only", async () => {
    const store = await openKeyStore(folder);
    const recipient = (await importJWK({ ...store.agreement.publicKey }, "ECDH-ES+A256KW")) as CryptoKey;
    const sealed = (alg: string, enc: string, to: CryptoKey | Uint8Array = recipient) =>
      new CompactEncrypt(Buffer.from("key")).setProtectedHeader({ alg, enc }).encrypt(to);
    const opened = await store.openFromTablet(await sealed("ECDH-ES+A256KW", "A256GCM"));
    expect(Buffer.from(opened).toString()).toBe("key");
    const elsewhere = await openKeyStore(await mkdtemp(join(folder, "other-")));
    const foreign = (await importJWK({ ...elsewhere.agreement.publicKey }, "ECDH-ES+A256KW")) as CryptoKey;
    for (const wrong of [
      await sealed("ECDH-ES", "A256GCM"),
      await sealed("ECDH-ES+A128KW", "A256GCM"),
      await sealed("ECDH-ES+A256KW", "A128CBC-HS256"),
      await sealed("dir", "A256GCM", key),
      await sealed("ECDH-ES+A256KW", "A256GCM", foreign),
      "",
      "a.b.c.d.e",
      "....",
    ])
      await expect(store.openFromTablet(wrong)).rejects.toMatchObject({ code: "invalid_signature" });
  });
});
