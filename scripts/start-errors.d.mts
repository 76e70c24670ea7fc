export type Facts = Readonly<Record<string, string | number | undefined>>;
export declare const startErrors: Readonly<Record<string, (facts: Facts) => string>>;
export declare class StartError extends Error {
  readonly code: string;
  readonly facts: Facts;
  constructor(code: string, facts?: Facts);
}
export declare function explainStartError(error: unknown): string;
