import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { now } from "#domain/kernel/clock.ts";
import { newId } from "#domain/kernel/id.ts";
import { trialPassword } from "../practice/trial/trial-people.ts";
import { backUp, bringBack } from "../testing/restored.ts";
import { openTestPractice, type TestPractice, type TestSession } from "../testing/test-practice.ts";

let practice: TestPractice;
let again: TestPractice | null = null;
beforeAll(async () => {
  practice = await openTestPractice();
});
afterAll(async () => {
  await again?.close();
  await practice.close();
});

const codeOf = (secret: string, steps = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now() + steps * 30_000 });

async function arm(session: TestSession) {
  const begun = await practice.request<{ id: string; secret: string }>(
    session,
    "POST",
    "/api/account/totp",
    {},
  );
  const { id, secret } = begun.body;
  const done = await practice.request<{ recoveryCodes: string[] }>(
    session,
    "POST",
    "/api/account/totp/confirm",
    { id, code: codeOf(secret, -1) },
  );
  return { secret, codes: done.body.recoveryCodes };
}

const signIn = async (where: TestPractice, username: string, more: object = {}) =>
  (
    await where.request<{ code?: string }>(null, "POST", "/api/session", {
      username,
      password: trialPassword,
      device: { id: newId(), name: "t" },
      ...more,
    })
  ).body.code ?? "in";

describe("after a restore", () => {
  it("second factors stand as when the practice was lost: none that was used up, removed or replaced works again", async () => {
    for (const name of ["user", "remover", "late"]) await practice.addPerson(`${name}-of-app`, ["nurse"]);
    const user = await arm(await practice.signIn("user-of-app"));
    const removing = await practice.signIn("remover-of-app");
    const removed = await arm(removing);
    const backup = await backUp(practice);

    expect(await signIn(practice, "user-of-app", { code: user.codes[0] })).toBe("in");
    const used = codeOf(user.secret);
    expect(await signIn(practice, "user-of-app", { code: used })).toBe("in");
    const gone = await practice.request(removing, "POST", "/api/account/totp/remove", {
      password: trialPassword,
      code: codeOf(removed.secret),
    });
    expect(gone.status).toBe(204);
    const late = await arm(await practice.signIn("late-of-app"));

    const brought = await bringBack(practice, backup);
    again = brought.practice;
    expect(brought.recovered.factorsBrought).toBe(3);
    expect(await signIn(again, "user-of-app", { code: user.codes[0] })).toBe("wrong_code");
    expect(await signIn(again, "user-of-app", { code: used })).toBe("wrong_code");
    expect(await signIn(again, "user-of-app", { code: user.codes[1] })).toBe("in");
    expect(await signIn(again, "remover-of-app")).toBe("in");
    expect(await signIn(again, "late-of-app")).toBe("code_required");
    expect(await signIn(again, "late-of-app", { code: codeOf(late.secret) })).toBe("in");
    expect(await signIn(again, "late-of-app", { code: late.codes[9] })).toBe("in");
    const records = await again.audit();
    expect(records.filter(({ action }) => action === "factor.restored")).toHaveLength(3);
  });
});
