import type { ArgsOf, MutationName } from "#domain/registry.ts";
import type { MutationResult, PushedMutation } from "#domain/sync/protocol.ts";
import { mutation, type SignInOptions, type TestPractice, type TestSession } from "./test-practice.ts";

/** Somebody signed in who does one thing after the other; the numbers of their mutations look after themselves. */
export interface AtWork {
  readonly session: TestSession;
  /** @returns the result as the clinic answered */
  result<K extends MutationName>(
    name: K,
    args: ArgsOf<K>,
    change?: Partial<PushedMutation>,
  ): Promise<MutationResult>;
  /** @returns the code of a refusal, else the status */
  does<K extends MutationName>(name: K, args: ArgsOf<K>, change?: Partial<PushedMutation>): Promise<string>;
}

export async function atWork(
  practice: TestPractice,
  username: string,
  options?: SignInOptions,
): Promise<AtWork> {
  const session = await practice.signIn(username, options);
  let n = 1;
  const result: AtWork["result"] = async (name, args, change) => {
    const { results } = await practice.push(session, [mutation(session, n, name, args, change)]);
    n++;
    return results[0]!;
  };
  return {
    session,
    result,
    async does(name, args, change) {
      const { code, status } = await result(name, args, change);
      return code ?? status;
    },
  };
}
