import type pg from "pg";

/** Follows the ledger as a client does: one integer cursor, pages cut between commits, shown only at the end. */
export class LedgerReplica {
  readonly #client: pg.Client;
  readonly #limit: number;
  readonly #rows = new Map<string, number>();
  #cursor = 0;
  pages = 0;
  /** Complete states that were compared with the tables in the same snapshot, and those that differed. */
  cuts = 0;
  badCuts = 0;
  largeCommits = 0;

  constructor(client: pg.Client, limit: number) {
    this.#client = client;
    this.#limit = limit;
  }

  /** One page in one snapshot. @returns whether more is waiting */
  async page(): Promise<boolean> {
    await this.#client.query("begin isolation level repeatable read read only");
    try {
      const head = await this.#number("select coalesce(max(seq), 0) as n from audit_log");
      const found = await this.#marks("r.seq > $1 order by r.seq limit $2", [this.#cursor, this.#limit + 1]);
      const more = found.length > this.#limit;
      let page = found;
      if (more) {
        const cut = found[this.#limit]!.seq;
        page = found.filter((mark) => mark.seq < cut);
        if (page.length === 0) {
          this.largeCommits++;
          page = await this.#marks("r.seq = $1", [cut]);
        }
      }
      for (const { key, version } of page)
        if (version === null) this.#rows.delete(key);
        else this.#rows.set(key, version);
      this.#cursor = more ? page.at(-1)!.seq : head;
      this.pages++;
      if (!more) await this.#compare();
      return more;
    } finally {
      await this.#client.query("commit");
    }
  }

  async #number(sql: string): Promise<number> {
    return Number((await this.#client.query(sql)).rows[0].n);
  }

  async #marks(where: string, params: unknown[]) {
    const { rows } = await this.#client.query(
      `select r.stream || '|' || r.doc_id as key, r.seq::int as seq, case when r.op = 'put' then f.version end as version
       from sync_row r left join fact f on f.id = r.doc_id where r.kind = 'fact' and ${where}`,
      params,
    );
    return rows as { key: string; seq: number; version: number | null }[];
  }

  async #compare(): Promise<void> {
    const { rows } = await this.#client.query("select stream || '|' || id as key, version from fact");
    const truth = rows as { key: string; version: number }[];
    const same =
      truth.length === this.#rows.size && truth.every(({ key, version }) => this.#rows.get(key) === version);
    this.cuts++;
    if (!same) this.badCuts++;
  }
}
