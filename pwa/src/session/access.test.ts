import { expect, test } from "vitest";
import { newId } from "#domain/kernel/id.ts";
import type { Session } from "#domain/sync/session.ts";
import { LocalError } from "../local/local-error.ts";
import { Access } from "./access.ts";
import type { Api } from "./api.ts";

test("when the answer to a role switch is lost, the next request learns the role that the clinic has", async () => {
  const userId = newId();
  const inRole = (role: string) =>
    ({ accessToken: role, expiresIn: 600, user: { id: userId, role } }) as unknown as Session;
  const asked: string[] = [];
  const api = {
    request: async (path: string) => {
      asked.push(path);
      if (path === "/api/session/role") throw new LocalError("offline");
      return inRole("administrator");
    },
  } as unknown as Api;
  const learned: string[] = [];
  const alone = <T>(_name: string, work: () => Promise<T>) => work();
  const access = new Access(api, alone, ({ user }) => void learned.push(user.role));
  access.adopt(inRole("clinician"));
  await expect(access.switchRole("administrator")).rejects.toMatchObject({ code: "offline" });
  expect(await access.authorization()).toBe("Bearer administrator");
  expect(learned).toEqual(["administrator"]);
  expect(asked).toEqual(["/api/session/role", "/api/session/refresh"]);
});

test("what one person asked for is never sent in the name of somebody who signed in meanwhile", async () => {
  const session = (name: string, expiresIn: number) =>
    ({ accessToken: name, expiresIn, user: { id: name } }) as unknown as Session;
  const { promise: refreshed, resolve: refresh } = Promise.withResolvers<Session>();
  const cookies = [refreshed, session("ben", 600)];
  const sent: [path: string, authorization: string][] = [];
  const api = {
    request: async (path: string, { authorization = "" }: { authorization?: string }) => {
      if (path === "/api/session/refresh") return cookies.shift();
      sent.push([path, authorization]);
    },
  } as unknown as Api;
  const access = new Access(
    api,
    (_name, work) => work(),
    () => {},
  );
  access.adopt(session("ana", 0));
  const asking = access.request("/api/approvals/1/decision", { method: "POST", answer: null });
  access.setUser("ben");
  access.adopt(session("ben", 600));
  refresh(session("ana", 600));
  await expect(asking).rejects.toMatchObject({ code: "session_ended" });
  expect(sent).toEqual([]);
  await access.request("/api/mine", { answer: null });
  expect(sent).toEqual([["/api/mine", "Bearer ben"]]);
});
