import { type Role, roles } from "#domain/access/roles.ts";
import { type CommandIo, CommandUsageError } from "#domain/kernel/command.ts";
import { loginOf, trialPassword } from "#server/practice/trial/trial-people.ts";
import { closeAll } from "./closing-expectations.ts";
import { SignInRefused, Tester, type TesterOptions, type TestPerson } from "./tester.ts";

const PASSWORD = "JAMEMR_SELFTEST_PASSWORD";

/** `JAMEMR_SELFTEST_PASSWORD_FRONT_DESK` */
const passwordName = (role: Role): string => `${PASSWORD}_${role.toUpperCase().replaceAll("-", "_")}`;

const isRole = (name: string): name is Role => (roles as readonly string[]).includes(name);

/** The logins that every trial practice has. */
export const trialPeople = (env: CommandIo["env"]): Map<Role, TestPerson> =>
  new Map(roles.map((role) => [role, { username: loginOf(role), password: env[PASSWORD] ?? trialPassword }]));

/** @param named `role=name` each @throws {CommandUsageError} */
export function namedPeople(named: readonly string[], env: CommandIo["env"]): Map<Role, TestPerson> {
  const people = new Map<Role, TestPerson>();
  for (const one of named) {
    const [role = "", username = "", ...more] = one.split("=");
    if (!isRole(role) || username === "" || more.length > 0)
      throw new CommandUsageError(
        `selftest: --user takes ROLE=NAME with one of ${roles.join(", ")}; it got "${one}"`,
      );
    if (people.has(role)) throw new CommandUsageError(`selftest: one person is enough for ${role}`);
    const password = env[passwordName(role)] ?? env[PASSWORD];
    if (!password)
      throw new CommandUsageError(
        `selftest: the password of ${username} has to be in ${passwordName(role)} or ${PASSWORD}`,
      );
    people.set(role, { username, password });
  }
  return people;
}

const notTrial = (why: string): string =>
  `This is not a trial practice (${why}), and the self-test never uses the accounts of people who work there. ` +
  "Name people of the practice who exist for tests, --user ROLE=NAME for each role, with their passwords in " +
  `${PASSWORD} or ${PASSWORD}_ROLE, and a device that is enrolled, --device ID.`;

/**
 * Signs the trial's people in. Only what the server says of itself makes a practice a trial.
 * @throws {Error} saying what is needed
 */
export async function openTrial(
  options: Omit<TesterOptions, "people">,
  env: CommandIo["env"],
): Promise<Tester> {
  const tester = new Tester({ ...options, people: trialPeople(env) });
  if (!tester.maySignIn) return tester;
  try {
    const first = await tester.signIn(tester.roles[0]!);
    if (first.session.practice.trial) return tester;
    await tester.ask(first, "DELETE", "/api/session");
  } catch (error) {
    if (error instanceof SignInRefused) throw new Error(notTrial(error.message));
    throw error;
  }
  throw new Error(notTrial("the server says so"));
}

/**
 * Signs in the people who were named, so that a wrong password stops the self-test before it has begun.
 * @throws {Error} saying who could not sign in
 */
export async function openNamed(options: TesterOptions): Promise<Tester> {
  const tester = new Tester(options);
  if (!tester.maySignIn) return tester;
  for (const role of tester.roles)
    await tester.session(role).catch(async (error: unknown) => {
      await closeAll(tester);
      if (!(error instanceof SignInRefused)) throw error;
      throw new Error(`${error.message}${hints[error.code ?? ""] ?? ""}.`);
    });
  return tester;
}

const hints: Readonly<Record<string, string>> = {
  code_required: ": people for the self-test have no second factor",
  device_not_enrolled: ": name a device that the practice has enrolled, --device ID",
  wrong_credentials: ": check the password in its environment variable",
  role_not_held: ": they do not hold that role",
};
