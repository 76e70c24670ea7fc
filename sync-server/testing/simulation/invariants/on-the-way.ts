import { canonical } from "#domain/kernel/canonical.ts";
import type { Crossing } from "../network.ts";
import { resultsOf, rowsOf } from "../network.ts";
import type { PlayedTablet } from "../tablet.ts";
import type { Witness } from "../witness.ts";
import { marker, pairPatients, vaultPatients } from "../world.ts";

const clinicalCollections = new Set(["note", "recording", "transcript"]);

/** I5 and the memory for I2 and I7: looks at everything that leaves the server, also what never arrives. */
export function noteCrossing(witness: Witness, crossing: Crossing): void {
  // 503 asks to come again, as when two transactions stopped each other; 500 is an error that nobody thought of.
  if (crossing.status === 500) witness.violated("I0", `the server failed at ${crossing.path}`);
  for (const patientId of vaultPatients)
    if (crossing.answer.includes(marker(patientId)) || crossing.answer.includes(`chart:${patientId}`))
      witness.violated("I5", `the planted chart of ${patientId} crossed the wire at ${crossing.path}`);
  if (!crossing.roles.some((role) => role === "clinician" || role === "nurse"))
    noteClinicalWords(witness, crossing);
  for (const row of rowsOf(crossing)) {
    if (row.collection !== "note" || row.data?.status !== "signed") continue;
    const text = signedText(row.data);
    const known = witness.signed.get(row.id);
    if (known !== undefined && known !== text) witness.signedOtherwise.add(row.id);
    witness.signed.set(row.id, text);
  }
  noteResults(witness, crossing);
}

/** What a signature covers. Alternatives kept beside the text are not part of it. */
export const signedText = (note: Readonly<Record<string, unknown>>): string =>
  canonical([
    note.content,
    note.signature,
    note.revisionId,
    note.revisionHash,
    note.patientId,
    note.authorId,
  ]);

function noteClinicalWords(witness: Witness, crossing: Crossing): void {
  for (const row of rowsOf(crossing))
    if (row.stream.startsWith("chart:") || clinicalCollections.has(row.collection))
      witness.violated(
        "I5",
        `${row.collection} in ${row.stream} crossed the wire to a ${crossing.roles.at(-1)}`,
      );
}

function noteResults(witness: Witness, crossing: Crossing): void {
  const results = resultsOf(crossing);
  if (results.length === 0) return;
  const request = JSON.parse(crossing.request) as { clientId?: string; envelopes?: { clientId: string }[] };
  const clientId = request.clientId ?? request.envelopes?.[0]?.clientId ?? "";
  for (const result of results) {
    const key = `${clientId}/${result.n}`;
    witness.results.set(key, [...(witness.results.get(key) ?? []), result]);
  }
}

/** I10, never half a transaction: whenever the tablet's list changes, both patients of the pair have one phone. */
export function watchPair(witness: Witness, tablet: PlayedTablet): void {
  const value = tablet.local.rows("patient", {});
  const look = () => {
    const phones = value
      .get()
      .rows.filter(({ id }) => pairPatients.includes(id))
      .map(({ phone }) => phone);
    const paired = phones.filter((phone) => phone.startsWith("pair"));
    if (phones.length === 2 && paired.length > 0 && phones[0] !== phones[1])
      witness.violated("I10", `tablet ${tablet.index} showed half of a commit: ${phones.join(" and ")}`);
  };
  value.subscribe(look);
  look();
}

export interface LastSeen {
  readonly clientId: string;
  /** Numbers of one epoch say nothing about those of another. */
  readonly epoch: string | null;
  readonly cursor: number;
  readonly versions: ReadonlyMap<string, number>;
}

/** I10, monotonic: what lies on a disk never gets older, and I4 for the rows that nobody may find there. */
export async function checkDisk(
  witness: Witness,
  tablet: PlayedTablet,
  lastSeen: Map<number, LastSeen>,
): Promise<void> {
  const clientId = await tablet.clientId();
  if (!clientId) return;
  const disk = await tablet.disk(await tablet.keyring());
  const before = lastSeen.get(tablet.index);
  const versions = new Map(disk.rows.map((row) => [`${row.kid}/${row.collection}/${row.id}`, row.version]));
  if (before?.clientId === clientId && before.epoch === disk.epoch) {
    if (disk.cursor < before.cursor)
      witness.violated("I10", `tablet ${tablet.index} went back from ${before.cursor} to ${disk.cursor}`);
    for (const [key, version] of versions)
      if (version < (before.versions.get(key) ?? 0))
        witness.violated("I10", `tablet ${tablet.index} holds an older version of ${key} than before`);
  }
  lastSeen.set(tablet.index, { clientId, epoch: disk.epoch, cursor: disk.cursor, versions });
  if (disk.orphans > 0)
    witness.violated(
      "I4",
      `tablet ${tablet.index} stores ${disk.orphans} rows of streams it no longer holds`,
    );
}
