import { type MergeLinks, recordsOf } from "../patient/person.rules.ts";
import { patientOfStream, streams } from "./scope.ts";

/** Beside the number of records that a device keeps: whoever is looked for has to be found, with their allergies. */
const uncounted: readonly string[] = [streams.safety, streams.demographics];

/**
 * What of a scope fits on a device that keeps so many records: charts go from the end of its order, the records of one person
 * together. What is no chart always stays.
 */
export function fitting(
  allowed: readonly string[],
  {
    rowsIn,
    links,
    most,
  }: {
    readonly rowsIn: (stream: string) => number;
    readonly links: MergeLinks;
    readonly most: number;
  },
): readonly string[] {
  const inScope = new Set(allowed);
  const kept = new Set(allowed.filter((stream) => patientOfStream(stream) === null));
  const rowsOf = (some: Iterable<string>) => [...some].reduce((sum, stream) => sum + rowsIn(stream), 0);
  let room = most - rowsOf([...kept].filter((stream) => !uncounted.includes(stream)));
  for (const stream of allowed) {
    const patientId = patientOfStream(stream);
    if (patientId === null || kept.has(stream)) continue;
    const chart = recordsOf(links, patientId)
      .map(streams.chart)
      .filter((one) => inScope.has(one));
    room -= rowsOf(chart);
    if (room < 0) break;
    for (const one of chart) kept.add(one);
  }
  return allowed.filter((stream) => kept.has(stream));
}
