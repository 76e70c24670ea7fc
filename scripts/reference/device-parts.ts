import { canonical } from "#domain/kernel/canonical.ts";
import { envelopeAad, MAX_MUTATION } from "#domain/sync/envelope.ts";
import * as protocol from "#domain/sync/protocol.ts";
import { declaredRoutes as routes } from "#server/http/declared-routes.ts";
import { DEVICE_PROOF_SECONDS } from "#server/identity/token.ts";
import { MAX_FRAME } from "#server/recordings/recording-store.ts";
import { code, paragraph, table } from "./markdown.ts";

/** Bytes as every member of the protocol that says base64url has them. */
const base64url = "*base64url* is RFC 4648 section 5 without `=`.";

const fenced = (text: string): string => `\`\`\`json\n${text}\n\`\`\``;

/** A small change whose text and hash another client can compare its own with. */
function example(): string {
  const rest = {
    n: 1,
    id: "01a0c7b2-1111-7000-8000-000000000001",
    name: "task.complete",
    v: 1,
    args: { id: "01a0c7b2-2222-7000-8000-000000000002" },
    base: 3,
    at: "2027-01-12T14:15:00.000Z",
    tz: "America/New_York",
    actor: "01a0c7b2-3333-7000-8000-000000000003",
    role: "front-desk" as const,
  };
  const whole = { ...rest, hash: protocol.mutationHash(rest) };
  const clientId = "01a0c7b2-4444-7000-8000-000000000004";
  return [
    paragraph("A change as it is hashed: the RFC 8785 text without `hash`, whose SHA-256 is `hash`."),
    fenced(canonical(rest)),
    paragraph(
      `The same with its hash (${code(whole.hash)}), as it is pushed, or sealed by client ${code(clientId)}; and below it the additional data of that envelope.`,
    ),
    fenced(canonical(whole)),
    fenced(envelopeAad({ v: 1, clientId, n: whole.n, id: whole.id })),
  ].join("\n\n");
}

/** What a device makes before its first sign-in, and what it hands over there. */
export const keysPart = (): string =>
  [
    "## Keys of a device",
    paragraph(
      "A client that only pushes and pulls while its person is signed in needs no keys. One that keeps work while nobody is, delivers it, " +
        `or uploads sound, makes two pairs for ECDSA on P-256. ${base64url} A public part is a JWK with the members \`kty\` (\`EC\`), \`crv\` (\`P-256\`), ` +
        "`x` and `y`, and no others.",
    ),
    table(
      ["Key", "Of whom", "Member of `device` at sign-in", "What for"],
      [
        [
          "device key",
          "the device, whoever works on it",
          "`key`",
          "Signs the [proof](#the-proof-of-a-device) of a request. Its private part never leaves the device; a wipe keeps it until all is delivered.",
        ],
        [
          "signing key",
          "one person on one device, so one `clientId`",
          "`signingKey`",
          "Signs [envelopes](#the-sealed-envelope). Its private part lies sealed under what only that person can open.",
        ],
      ],
    ),
    paragraph(
      "`POST /api/session` takes both, with the `clientId`: `device: {id, name, key, clientId, signingKey}`. They are registered by the first sign-in that " +
        "names them and are never replaced: another key given later is not looked at, and what it signs is refused. Who lost one takes " +
        "a new `clientId` (signing key), or another device `id` as well (device key). The answer's `serverKey`, a JWK for ECDH on P-256 with its `kid`, " +
        "is what content keys are sealed to, and `practice.id` is the audience of proofs; keep both with the queue, as the newest answer has them.",
    ),
  ].join("\n\n");

/** As a route declares it. */
const proofWords = {
  device: "needs a proof",
  "any-device": "needs a proof; also of a device that was removed or is to wipe itself",
  "device-or-bearer": "a proof, or the access token of who recorded",
} as const;

/** The `Device` scheme. */
export function proofPart(): string {
  const seconds = DEVICE_PROOF_SECONDS;
  return [
    "## The proof of a device",
    paragraph(
      "`authorization: Device ‹JWS›` says which device asks, where no person does. The JWS is compact (RFC 7515), new for each request:",
    ),
    fenced(
      [
        '{"alg":"ES256","typ":"JWT"}',
        '{"iss":"‹device id›","aud":"‹practice.id›","iat":1799763300,"jti":"‹new id›","htm":"POST","htu":"/api/sync/deliver"}',
      ].join("\n"),
    ),
    paragraph(
      "Both objects are UTF-8 JSON in base64url, joined by a dot; the signature is ECDSA P-256 with SHA-256 by the device key over the ASCII of that, 64 bytes " +
        "r ‖ s in base64url after another dot. `htm` is the method in capitals, `htu` the path of the request or its whole address; its query does not count. " +
        "The body is not signed: what it holds is signed by itself. " +
        `\`iat\` is in whole seconds, at most ${seconds / 60} minutes ahead of the clinic's clock and ${(2 * seconds) / 60} behind it: a client whose clock is wrong reckons by the \`date\` of ` +
        "the server's answers. `jti` is an id and good for one request; a request that is tried again, also after a lost answer, has a new proof.",
    ),
    paragraph(
      "Refusals: `unauthenticated` (no proof, or not of this form), `device_not_enrolled` (an id that is not known, or that registered no key), `invalid_token` " +
        "(signature, audience, age, another request, used before), `device_revoked` and `device_wiped` ([below](#removal-and-wipe)).",
    ),
    table(
      ["Request", "Proof"],
      routes
        .filter(({ proof }) => proof !== undefined)
        .map(({ method, path, proof }) => [
          code(`${method.toUpperCase()} ${path}`),
          proofWords[proof as keyof typeof proofWords],
        ]),
    ),
  ].join("\n\n");
}

/** How an envelope's members are made, byte by byte; after their table. */
export const sealingPart = (): string =>
  [
    "### How it is made",
    [
      "1. `text`: UTF-8 of the RFC 8785 text of the whole mutation, `hash` included.",
      "2. `key`: 32 random bytes, and `iv`: 12, both new for each envelope.",
      "3. `ct`: AES-256-GCM of `text` under `key` and `iv`, ciphertext ‖ 16-byte tag. Additional data: UTF-8 of the RFC 8785 text of\n" +
        '   `["outbox",1,‹clientId›,‹n›,‹id›]`.',
      '4. `keyServer`: compact JWE (RFC 7516) of the 32 bytes of `key`, header `{"alg":"ECDH-ES+A256KW","enc":"A256GCM","kid":‹kid›}`,\n' +
        "   to the `serverKey`.",
      "5. `keyLocal`: how the person opens it again on the device. The server does not look into it; whoever needs no such way\n" +
        "   puts 60 random bytes there. A tablet: 12 bytes iv ‖ AES-256-GCM of `key` under the person's root key ‖ tag, additional data\n" +
        "   `outbox-key|‹clientId›|‹n›|‹id›|1`.",
      "6. `prevHash`: SHA-256 of the `text` of the envelope before; 64 zeros for the first.",
      "7. `sig`: ECDSA P-256 with SHA-256 by the signing key over UTF-8 of the RFC 8785 text of all other members, 64 bytes r ‖ s.",
    ].join("\n"),
    paragraph(
      `\`n\` and \`id\` are those of the mutation, all binary members base64url. A mutation is at most ${MAX_MUTATION} bytes of text; an envelope with a longer one is not taken, and a request to push or deliver is at most ${protocol.MAX_PUSH_BYTES} bytes. ` +
        "A change that is longer all the same uses its number up as a mutation named `outbox.tooLarge` with nothing but `args: {id}`: it is `rejected` (`payload_too_large`), and what is behind it goes on. " +
        "`n`, `hash` and results are the same on every way of arrival: what was delivered and is then pushed, or the other way round, is the same mutation.",
    ),
    example(),
  ].join("\n\n");

/** The request, and what becomes of an envelope. */
export const deliverPart = (): string =>
  [
    paragraph(
      "`POST /api/sync/deliver`, with a [proof](#the-proof-of-a-device). For work whose person is not signed in: locked, signed out, disabled, " +
        "or from a device that was removed or wiped. All envelopes are of one client of that device, in the order of `n`; another client's go in another request. The server opens them and judges what is inside by " +
        "the rights that its person has now. The answer is that of a [push](#answer).",
    ),
    paragraph(
      "An envelope that another key signed, or that names another client, device or person, stops the batch: what came before it is settled and no more; " +
        "as the first one it is refused with `invalid_signature`. A client without a signing key, or of another device, is refused too (`invalid_signature`, `client_unknown`). " +
        "One that is signed and does not open, or holds another `n` or `id`, is kept as it came (`quarantined`, `envelope_unreadable`) and holds nothing up. " +
        "`epoch` is the one that the device knew when it sealed; another one than the clinic's is no error.",
    ),
    paragraph(
      "Send in the order of `n` until nothing waits, drop what has a result, and keep what has none or is `held`. " +
        "`rejected` and `conflict` are the author's to decide about: keep those envelopes until the author has seen the code. Where nobody can open them any more, " +
        "because the keys of their person were destroyed on the device, say `keysGone: true`: the server then keeps the words of what it refuses, for a colleague to review. " +
        "The result is the same, and the envelope may go.",
    ),
  ].join("\n\n");

/** What a client does, and does not do, when the clinic has not answered for long; and work that is sealed to the clinic alone. */
export const offlinePart = (): string =>
  [
    "## Offline time",
    paragraph(
      "`offlineUntil` in the answer of a sign-in, refresh or change of role says until when the device may show what it holds without the clinic. `grant` says the same, " +
        "signed: a compact JWS (EdDSA, `typ` `grant+jwt`, keys at `/.well-known/jwks.json`) with `iss` (`urn:jamemr:‹practice.id›`), `aud` (the practice), `sub` (the person), `device`, `role` and `offlineUntil`. " +
        "Each such answer replaces the one before. After it a client shows no records, and goes by the latest time that it ever saw when its clock was set back. " +
        "The server asks nobody for a grant and takes work that was written after it: what waits is pushed or delivered as always.",
    ),
    paragraph(
      "Somebody may still write without reading: `capture.write`, and `capture.beginRecording` and `capture.completeRecording` for sound ([mutations](mutations.md#capture)). They have an envelope like " +
        "all others, whose `keyLocal` nobody can open. A client that is signed in again and has such an envelope next in its queue pushes in its place a mutation " +
        'named `outbox.unreadable`: `n`, `id` and `at` of the envelope, `v: 1`, `args: {id, envelope}`, `base: null`, `tz: "UTC"`, and its person\'s `actor` and `role`. ' +
        "The result is that of what is inside. The same way takes an envelope that was damaged on the device.",
    ),
  ].join("\n\n");

/** Sound. */
export const soundPart = (): string =>
  [
    "## Sound of a recording",
    paragraph(
      "`recording.begin` (or `capture.beginRecording`) names in `sealedKey` a content key of 32 random bytes, sealed like `keyServer`. After it was taken, each part is one upload by tus 1.0 " +
        "(creation extension) at `/api/recordings`: `upload-metadata: id ‹base64 of ‹recording id›.‹part››`, parts from 0. By access token only its author uploads, " +
        "by proof the device that it was made on, also locked or wiped. The content is frames, one after the other:",
    ),
    [
      `- 4 bytes: length of what follows, big-endian, 1 to ${MAX_FRAME}`,
      '- compact JWE of some seconds of sound under the content key, header `{"alg":"dir","enc":"A256GCM","rec":‹recording id›,"part":0,"chunk":0}`;\n' +
        "  `chunk` counts 0, 1, 2 … in each part",
    ].join("\n"),
    paragraph(
      "Frames that do not open, or stand in another order, are refused with `checksum_mismatch` and dropped: send the part again. A part that is stored already is answered as " +
        "complete. `recording.complete` names for each part the SHA-256 of its plain bytes, and as `sha256` that of the RFC 8785 text of the list of those.",
    ),
  ].join("\n\n");
