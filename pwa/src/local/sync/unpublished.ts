import type { AppliedPage } from "../store/apply-page.ts";
import type { ConfirmedRow } from "../store/rows.ts";

type Removal = AppliedPage["removes"][number];

const isPut = (row: ConfirmedRow | Removal): row is ConfirmedRow => "data" in row;

/**
 * What pages brought to the disk and nobody was shown yet; of a row in one stream, what came last. It stays until it was
 * shown, whatever fails on the way: the clinic does not say it again.
 */
export class Unpublished {
  readonly #rows = new Map<string, ConfirmedRow | Removal>();
  #purged = new Set<string>();
  #settled: number[] = [];

  add({ puts, removes }: Pick<AppliedPage, "puts" | "removes">, settled: readonly number[]): void {
    for (const row of [...removes, ...puts]) this.#rows.set(`${row.kid}/${row.collection}/${row.id}`, row);
    this.#settled.push(...settled);
  }

  /** Streams that stay in sight until another copy of them is whole. */
  purgeLater(kids: readonly string[]): void {
    for (const kid of kids) this.#purged.add(kid);
  }

  /** Rows of streams that are gone are shown to nobody. */
  drop(kids: ReadonlySet<string>): void {
    for (const [key, { kid }] of this.#rows) if (kids.has(kid)) this.#rows.delete(key);
  }

  /** All of it, or what belongs to some streams. */
  rows(kids?: ReadonlySet<string>): { readonly puts: ConfirmedRow[]; readonly removes: Removal[] } {
    const rows = [...this.#rows.values()].filter(({ kid }) => kids === undefined || kids.has(kid));
    return { puts: rows.filter(isPut), removes: rows.filter((row): row is Removal => !isPut(row)) };
  }

  get settled(): readonly number[] {
    return this.#settled;
  }

  get purged(): ReadonlySet<string> {
    return this.#purged;
  }

  clear(): void {
    this.#rows.clear();
    this.#purged = new Set();
    this.#settled = [];
  }
}
