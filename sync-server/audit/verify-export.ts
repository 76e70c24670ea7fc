import * as z from "zod";
import { fromHex } from "#domain/kernel/bytes.ts";
import { LogVerifier, type Verdict } from "./verify-log.ts";

const hex = z
  .string()
  .regex(/^(?:[0-9a-f]{2})*$/)
  .transform(fromHex);
const lineSchema = z.union([
  z.object({ seq: z.int(), salt: hex, body: z.string(), leaf: hex, hash: hex }),
  z.object({ checkpoint: z.object({ size: z.int(), note: z.string() }) }),
  z.object({ log: z.object({ version: z.literal(1), key: z.string(), at: z.iso.datetime() }) }),
  z.object({ end: z.object({ records: z.int() }) }),
]);

/** The file is no export of an audit log, or a part of it is missing. */
export class NoExport extends Error {}

/**
 * Judges an export of {@link exportLog} as the database is judged, for the moment at which it was made.
 * @param key verifier key to believe; without one, the one that the export names
 * @throws {NoExport}
 */
export async function verifyExport(
  lines: AsyncIterable<string> | Iterable<string>,
  { key, witnessed = [] }: { readonly key?: string | undefined; readonly witnessed?: readonly string[] } = {},
): Promise<Verdict> {
  let log: { readonly key: string; readonly at: string } | null = null;
  const signed: { size: number; note: string }[] = [];
  let verifier: LogVerifier | null = null;
  let fits = true;
  let read = 0;
  let end: { readonly records: number } | null = null;
  for await (const line of lines) {
    const value = parse(line);
    if (end || "log" in value !== (log === null)) throw new NoExport("its lines are not in order");
    if ("log" in value) log = value.log;
    else if ("checkpoint" in value) {
      if (verifier) throw new NoExport("its lines are not in order");
      signed.push(value.checkpoint);
    } else {
      verifier ??= await LogVerifier.open(key ?? log!.key, signed, witnessed);
      if ("end" in value) end = value.end;
      else {
        read++;
        if (fits) fits = verifier.add(value);
      }
    }
  }
  if (!verifier || !end || !log) throw new NoExport("its end is missing");
  return verifier.end({ cut: end.records > read, at: Date.parse(log.at) });
}

function parse(line: string): z.infer<typeof lineSchema> {
  try {
    return lineSchema.parse(JSON.parse(line));
  } catch {
    throw new NoExport("a line of it is none of an audit log");
  }
}
