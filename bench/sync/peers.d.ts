// What the benchmark uses of the peers' packages, which bring no types.

declare module "pouchdb-browser" {
  class PouchDB {
    constructor(name: string, options?: { auto_compaction?: boolean });
    readonly replicate: { from(remote: PouchDB, options?: { batch_size?: number }): Promise<unknown> };
    info(): Promise<{ doc_count: number }>;
  }
  export = PouchDB;
}

declare module "pouchdb-core" {
  interface PouchConstructor {
    plugin(plugin: unknown): PouchConstructor;
    defaults(options: { adapter: string }): PouchConstructor;
  }
  const PouchDB: PouchConstructor;
  export = PouchDB;
}

declare module "pouchdb-adapter-memory" {
  const plugin: unknown;
  export = plugin;
}

declare module "pouchdb-mapreduce" {
  const plugin: unknown;
  export = plugin;
}

declare module "pouchdb-replication" {
  const plugin: unknown;
  export = plugin;
}

declare module "express-pouchdb" {
  import type { Handler } from "express";

  function expressPouchdb(
    pouch: unknown,
    options: { mode: "minimumForPouchDB"; inMemoryConfig: boolean },
  ): Handler;
  export = expressPouchdb;
}
