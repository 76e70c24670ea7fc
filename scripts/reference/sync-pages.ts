import { auditActions } from "#domain/audit/actions.ts";
import { noteContentSchema } from "#domain/note/index.ts";
import { textRunSchema } from "#domain/note/note.schema.ts";
import { recordingPartSchema } from "#domain/recording/index.ts";
import { type FoundMutation, mutations } from "#domain/registry.ts";
import * as envelopes from "#domain/sync/envelope.ts";
import * as protocol from "#domain/sync/protocol.ts";
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
  ["checkpoint", "The audit log's head, signed; null until the first was made."],
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
    "## Push",
    paragraph(
      `\`POST /api/sync/push\`. At most ${protocol.MAX_PUSH} mutations, which share one transaction. A mutation that arrives twice is ` +
        "answered with its first result and applied once. The same number with another content is refused as `client_fork`.",
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
      "`applied`: stored. `conflict`: stored, and somebody's words wait beside it. `rejected`: not stored, `code` says why " +
        "([errors](errors.md)). `quarantined`: kept for review. `held`: waits for something; it alone is replaced later.",
    ),
    shape("mutationResultSchema"),
    "## Pull",
    paragraph(
      `\`POST /api/sync/pull\`. At most ${protocol.MAX_PAGE} rows a page; ask again with the new cursor while \`more\` is true. A stream ` +
        "that is listed in `scope` with another generation than the tablet holds is removed there and received anew.",
    ),
    shape("pullSchema"),
    "### Answer",
    shape("pullResultSchema"),
    "### One row",
    shape("pulledRowSchema"),
    "## The sealed envelope",
    paragraph(exportComment(envelopeFile, "envelopeSchema")),
    shape("envelopeSchema"),
    "## Deliver",
    paragraph(
      "`POST /api/sync/deliver`. A locked tablet sends its envelopes under the device key, and the server opens and applies them.",
    ),
    shape("deliverSchema"),
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
