export interface StartOptions {
  /** Absolute path. */
  readonly data: string;
  /** HTTPS; 0 = any free one, as for `httpPort`. */
  readonly port: number;
  readonly httpPort: number;
  readonly databaseUrl: string | undefined;
  readonly noAi: boolean;
  readonly empty: boolean;
  readonly help: boolean;
}
export declare const startHelp: string;
export declare function parseStartOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  root: string,
): StartOptions;
