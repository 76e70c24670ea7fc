import { describe, expect, it } from "vitest";
import { instantNow } from "../kernel/clock.ts";
import { newId } from "../kernel/id.ts";
import { checkpointText, openNote, originOf, readNote, signNote, verifierKey } from "./signed-note.ts";

const epoch = newId();
const origin = originOf(newId());

async function signer() {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const key = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return {
    vkey: verifierKey(origin, key),
    sign: (size: number, root = new Uint8Array(32).fill(7)) =>
      signNote(
        { origin, size, root, epoch, at: instantNow() },
        key,
        async (bytes) => new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, bytes)),
      ),
  };
}

describe("a signed head of the log", () => {
  it("is opened with its key and says what was signed", async () => {
    const { vkey, sign } = await signer();
    const note = await sign(12);
    const opened = await openNote(note, vkey);
    expect(opened).toMatchObject({ origin, size: 12, epoch });
    expect(note.startsWith(checkpointText(opened!))).toBe(true);
  });

  it("is not opened with another key, under another name, or when a character of it was changed", async () => {
    const { vkey, sign } = await signer();
    const other = await signer();
    const note = await sign(12);
    expect(await openNote(note, other.vkey)).toBeNull();
    expect(await openNote(note, vkey.replace(/^[^+]+/, "urn:jamemr:another"))).toBeNull();
    const altered = (at: number, character: string) => note.slice(0, at) + character + note.slice(at + 1);
    for (let at = 0; at < note.length; at++)
      expect(await openNote(altered(at, note[at] === "1" ? "2" : "1"), vkey), `${at}`).toBeNull();
    // The last character of each base64 says two bits that are no part of the bytes.
    for (const end of [note.indexOf("=\n"), note.lastIndexOf("=\n")])
      for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        if (character !== note[end - 1]) expect(await openNote(altered(end - 1, character), vkey)).toBeNull();
    for (const text of ["", "\n\n", note.slice(0, -40), note.replace("\n\n", "\n"), `x\n${note}`])
      expect(await openNote(text, vkey)).toBeNull();
  });

  it("is found among signatures of others", async () => {
    const { vkey, sign } = await signer();
    const [text, own] = (await sign(3)).split("\n\n");
    const note = `${text}\n\n— example.org ${btoa("x".repeat(68))}\n${own}`;
    expect(await openNote(note, vkey)).toMatchObject({ size: 3 });
  });

  it("says nothing where it is none", () => {
    for (const text of [
      "",
      "a",
      "a\n1\nAAAA\n\n",
      `${origin}\n-1\n${"A".repeat(43)}=\nepoch ${epoch}\ntime x\n\n`,
    ])
      expect(readNote(text)).toBeNull();
  });
});
