import { auditActions } from "#domain/audit/actions.ts";
import { noteContentSchema } from "#domain/note/index.ts";
import { textRunSchema } from "#domain/note/note.schema.ts";
import { recordingPartSchema } from "#domain/recording/index.ts";
import { type FoundMutation, mutations } from "#domain/registry.ts";
import { leaseDays, leasesPerDay } from "#domain/slot-lease/index.ts";
import * as envelopes from "#domain/sync/envelope.ts";
import * as protocol from "#domain/sync/protocol.ts";
import { deliverPart, keysPart, offlinePart, proofPart, sealingPart, soundPart } from "./device-parts.ts";
import { code, page, paragraph } from "./markdown.ts";
import { kernelWords, type NamedShapes, shapeTable } from "./shape.ts";
import { exportComment, memberComments } from "./source-comments.ts";

const protocolFile = "domain/sync/protocol.ts";
const envelopeFile = "domain/sync/envelope.ts";

const named: NamedShapes = new Map<never, string>([
  [protocol.mutationSchema as never, "[mutation](#one-mutation)"],
  [protocol.mutationResultSchema as never, "[result](#one-result)"],
  [protocol.pulledRowSchema as never, "[row](#one-row)"],
  [envelopes.envelopeSchema as never, "[envelope](#the-sealed-envelope)"],
]);

/** Members that mean the same wherever they stand. What a schema's own comment says comes first. */
const everywhere: ReadonlyMap<string, string> = new Map([
  ["epoch", "Names one life of the database: another one after a restore."],
  ["clientId", "One person on one device; new after a wipe."],
  ["n", "Number of the mutation on its client."],
  ["lastN", "Highest n of this client that the server has settled."],
  ["results", "What became of the mutations that were sent."],
  ["name", "One of the registry."],
  ["v", "Version of its form."],
  ["at", "When, by the device's clock."],
  ["tz", "The device's time zone then."],
  ["actor", "The person."],
  ["user", "The person."],
  ["device", "The device that sealed it."],
  ["role", "The role the person worked in."],
  ["code", "Why not: see errors."],
  ["detail", "What helps to decide, e.g. the nearest free times."],
  ["head", "The newest commit of the server."],
  ["more", "Ask again with the new cursor."],
  ["limit", "Rows in one page."],
  ["seq", "The commit it is in."],
  ["op", "`rm`: it left the stream or the person's reach, and is removed from the tablet."],
  ["generation", "Raised when a stream is joined again."],
  ["version", "Of the row; raised by each change."],
  ["data", "The row as its collection's schema has it."],
  ["digests", "By stream, to compare what both sides hold."],
  ["xor", "XOR of the first 8 bytes of SHA-256(`id:version`) over its rows."],
  ["checkpoint", "The newest signed head of the audit log; null before the first."],
  ["restored.backupAt", "When the backup was made."],
  ["restored.at", "When it was brought back."],
  ["mismatches[].held", "What the client had."],
  ["mismatches[].expected", "What the digest said."],
  ["givenBack", "What the device says of its queue after the clinic was restored from an older backup."],
  ...[...memberComments(protocolFile, "givenBackSchema")].map(([name, words]): [string, string] => [
    `givenBack.${name}`,
    words,
  ]),
  ["restored", "That the clinic works with records from a backup. Told for seven days."],
  ["lastHash", "Hash of that mutation; only where `restored` stands."],
]);

function shape(name: keyof typeof protocol | keyof typeof envelopes): string {
  const file = Object.hasOwn(envelopes, name) ? envelopeFile : protocolFile;
  const schema = { ...protocol, ...envelopes }[name] as Parameters<typeof shapeTable>[0];
  return shapeTable(schema, new Map([...everywhere, ...memberComments(file, name)]), named);
}

/** docs/reference/protocol.md */
export function protocolPage(): string {
  return page(
    "Sync protocol",
    "domain/sync",
    paragraph(
      "A tablet pushes what people did and pulls what its person may hold. Both are ordered by one number: the commit in " +
        "which the server stored them. A pull's `cursor` says up to which commit everything in scope is stored on the tablet, so " +
        "a lost answer is simply asked for again.",
    ),
    paragraph(kernelWords),
    "## Before anything",
    paragraph(
      "`POST /api/session` with `username`, `password` and `device: {id, name}` signs a person in; the `id` is a UUID that the " +
        "device makes once and keeps. A trial practice, and one in set-up, enrols a new device by itself; else that happens at the clinic's own machine. The answer has the `accessToken` for " +
        "`authorization: Bearer …`, which lasts `expiresIn` seconds, `user.id` and `user.role` for `actor` and `role`, and the `epoch`. " +
        "`POST /api/session/refresh` with `deviceId` and the cookie of that answer goes on with a new one; whoever keeps no cookie " +
        "signs in again. Bodies are JSON; all shapes are at `/api/docs` of a running server. A session of the front desk " +
        "holds [times](#times-that-a-desk-holds) for its device until its offline time ends or the device is removed.",
    ),
    paragraph(
      "The client makes its `clientId` itself, a UUID for each person on each device, and the server knows it from the first " +
        "pull or push on; under another person or device it is `client_unknown`. A refusal of a whole request is a problem with a " +
        "`code` ([errors](errors.md)). After `epoch_mismatch` begin again with `epoch: null`, `cursor: 0` and nothing held; the `clientId` stays.",
    ),
    keysPart(),
    proofPart(),
    "## Push",
    paragraph(
      `\`POST /api/sync/push\`. At most ${protocol.MAX_PUSH} mutations, which share one transaction. A mutation that arrives twice is ` +
        "answered with its first result and applied once. The same number with another content comes from a copied profile (`client_fork`): from then on whatever this client sends is kept for review and not applied.",
    ),
    paragraph(
      "Whatever its result, a mutation has used its number up, also when it was refused: a correction goes under the next one and a new `id`. " +
        "What comes after a gap gets no result and no error; go on with `lastN` + 1. `givenBack` is for what is sent once more after a restore.",
    ),
    shape("pushSchema"),
    "### One mutation",
    paragraph(exportComment(protocolFile, "mutationSchema")),
    shape("mutationSchema"),
    paragraph("Names, arguments and permissions of all of them: [mutations](mutations.md)."),
    "### Answer",
    shape("pushResultSchema"),
    "### One result",
    paragraph(
      "`applied`: stored. `conflict`: it met somebody else's work, `code` says how: with `demographics_conflict` it is stored " +
        "but for the fields in `detail.waits`, which wait for a decision, and with any other code it is not stored. " +
        "`rejected`: not stored, `code` says why ([errors](errors.md)). `quarantined`: kept for review. `held`: waits for " +
        "something; it alone is replaced later.",
    ),
    shape("mutationResultSchema"),
    "### Kept for review",
    paragraph(
      "What is `quarantined` is stored sealed, and nothing of it is applied. `GET /api/quarantine` lists it, without its words, to whoever may decide about " +
        "its kind: `name`, `authorId`, `writtenAt` (the `at` of the change), `reason` (the code, or why its author cannot decide) and `decision`, null while it waits. " +
        "`GET /api/quarantine/{id}` opens one, with `args`; `POST /api/quarantine/{id}/decision` takes it over or discards it. " +
        "The client has nothing more to do.",
    ),
    "### Handed to a colleague",
    paragraph(
      "What was `rejected`, or is a `conflict` that was not stored, can be handed over with `handover.give`. It names the refused " +
        "mutation as it was sent; the server takes it only when its own store has a refusal of that id and hash from the same " +
        "person, and keeps it sealed for review. The tablet removes the refused entry in the transaction in which it removes " +
        "the acknowledged hand-over, not before. The author's row in `handover` holds the words and, later, the decision. " +
        "Whoever decides carries the mutation out by their own rights and under the author's name; `handover.takeBack` " +
        "is taken until then.",
    ),
    "### Times that a desk holds",
    paragraph(
      `A \`slot-lease\` in the stream \`schedule\` is a free time that one desk's device may promise while it is offline: at most ` +
        `${leasesPerDay} a day, for the next ${leaseDays} clinic days. The server grants and prolongs them whenever it gives a session of the ` +
        "front desk its offline time; each ends at `until`, the end of that time, and holds nothing from then on; or when the device is removed, or somebody gives its times back (`POST /api/devices/{id}/give-back-times`). A booking or " +
        "move from that device within the lease is accepted and uses it up in the same commit. From any other device it is " +
        "refused with `slot_held` and the three nearest free times; with a reason it can be overbooked. What the server refuses with " +
        "`slot_taken` or `slot_held` becomes, in the same commit, a `task` to call the patient back: `detail.callBack` is its id.",
    ),
    "## Pull",
    paragraph(
      `\`POST /api/sync/pull\`. At most ${protocol.MAX_PAGE} rows a page; ask again with the new cursor while \`more\` is true. A stream ` +
        "that is listed in `scope` with another generation than the tablet holds is removed there and received anew.",
    ),
    paragraph(
      "The first pull has `cursor: 0` and `held: []`. Each next one names in `held` what is stored by then: a stream that the " +
        "answer calls `ready` with null; the stream of the last row of a page with that row's id, where the page was cut in a stream that " +
        "is still `joining` (`more` is true and `cursor` equals `head`); and no stream of which nothing has come yet. Null says that " +
        "all of it is stored, and the server then sends nothing of it but changes. Rows of one page stand in this order: changes after the " +
        "cursor, then streams that join, each by row id. A record may come more than once and in several streams; the higher `version` counts, and `rm` takes it out of the one stream that " +
        "it names. " +
        "`results` has what the server settled after the cursor, also from a push whose answer was lost.",
    ),
    shape("pullSchema"),
    "### Answer",
    shape("pullResultSchema"),
    "### One row",
    shape("pulledRowSchema"),
    "## The sealed envelope",
    paragraph(exportComment(envelopeFile, "envelopeSchema")),
    shape("envelopeSchema"),
    sealingPart(),
    "## Deliver",
    deliverPart(),
    shape("deliverSchema"),
    offlinePart(),
    soundPart(),
    "## Removal and wipe",
    paragraph(
      "A device that was removed is refused with `device_revoked`, and what it delivers is kept for review. One that was asked " +
        "to wipe itself is refused with `device_wiped` at sign-in, refresh, push, pull, delivery and upload. A tablet at which nobody works asks `GET /api/devices/this` under its " +
        "device key. On `device_wiped`, or the live event `wipe`, it destroys its keys and says `POST /api/devices/wiped` with " +
        "`left`, the number of changes and recordings it still has to deliver; only after that are they taken, and every change " +
        "is `quarantined`. For seven days after a restore the answer names the newest number that the clinic knows of each `client` of " +
        "the device, and the device delivers what came after that once more. Changes that were refused before are delivered again: they keep their result, and their words wait " +
        "for review. `left: 0` ends it, and the tablet goes on under another device id and key.",
    ),
    "## Live events",
    paragraph(
      `\`GET /api/sync/events\`, server-sent events. ${exportComment(protocolFile, "liveEventSchema")} Types: ` +
        "`change` (pull), `scope` (rights changed: pull), `reauth` (sign in again), `wipe`.",
    ),
  );
}

const argumentShapes: NamedShapes = new Map<never, string>([
  [noteContentSchema as never, "[note content](#note-content)"],
  [textRunSchema as never, "[run](#a-run-of-text)"],
  [recordingPartSchema as never, "[part](#a-part-of-a-recording)"],
]);

function mutationPart([name, { collection, collectionName, mutation }]: [string, FoundMutation]): string {
  const [word, verb] = [collectionName, name.split(".")[1]!];
  const at = `domain/${word}/${word}`;
  const comments = new Map([
    ...memberComments(`${at}.schema.ts`, `${word}Schema`),
    ...memberComments(`${at}.mutations.ts`, `${verb}Args`),
    ...memberComments(`${at}.mutations.ts`, verb),
  ]);
  const { permission, audit, v } = mutation as FoundMutation["mutation"] & { args: unknown };
  const facts = [
    `Permission ${code(permission)}`,
    `audit ${code(audit)} (“${auditActions[audit]}”)`,
    `version ${v}`,
    collection.fhir ? `FHIR ${collection.fhir}` : "",
  ];
  return [
    `### ${name}`,
    `${facts.filter(Boolean).join(" · ")}`,
    shapeTable(mutation.args as never, comments, argumentShapes),
  ].join("\n\n");
}

/** docs/reference/mutations.md */
export function mutationsPage(): string {
  const all = [...mutations];
  const words = [...new Set(all.map(([, { collectionName }]) => collectionName))];
  return page(
    "Mutations",
    "domain/registry.ts",
    paragraph(
      "Everything a person can change, as it travels in a [push](protocol.md#push). A mutation needs its permission, and its " +
        "audit record is written in the same transaction. The tablet shows the result at once; the server checks the rules again " +
        "and answers with a code of the [error catalogue](errors.md) when it refuses.",
    ),
    paragraph(kernelWords),
    ...words.flatMap((word) => [
      `## ${word[0]!.toUpperCase()}${word.slice(1)}`,
      ...all.filter(([, { collectionName }]) => collectionName === word).map(mutationPart),
    ]),
    "## Shapes used above",
    "### Note content",
    shapeTable(noteContentSchema, new Map(), argumentShapes),
    "### A run of text",
    paragraph(exportComment("domain/note/note.schema.ts", "textRunSchema")),
    shapeTable(textRunSchema),
    "### A part of a recording",
    paragraph(exportComment("domain/recording/recording.schema.ts", "recordingPartSchema")),
    shapeTable(
      recordingPartSchema,
      memberComments("domain/recording/recording.schema.ts", "recordingPartSchema"),
    ),
  );
}
