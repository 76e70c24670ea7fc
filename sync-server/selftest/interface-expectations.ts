import * as z from "zod";
import { declaredRoutes } from "#server/http/declared-routes.ts";
import { addressTricks, routeName, unknownAddress } from "#server/http/verdict.ts";
import { allRefused, type Expectation, seen, statusOf } from "./expectation.ts";
import type { Answered } from "./server.ts";
import type { Tester } from "./tester.ts";

const describedSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ "x-permission": z.string() }))),
});

/** The operations that the server itself names, with the permission it says each needs. */
async function described(tester: Tester): Promise<Map<string, string>> {
  const answer = await tester.ask(null, "GET", "/api/openapi.json");
  const found = describedSchema.safeParse(answer.body);
  if (!found.success) throw new Error(`/api/openapi.json: ${statusOf(answer)}`);
  return new Map(
    Object.entries(found.data.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, operation]) => [`${method} ${path}`, operation["x-permission"]] as const,
      ),
    ),
  );
}

const sameInterface: Expectation = {
  id: "interface/same-operations",
  area: "interface",
  expected: "the server names the operations and permissions that this self-test knows, no more and no fewer",
  async play(tester) {
    const there = await described(tester);
    const here = new Map(declaredRoutes.map((route) => [routeName(route), String(route.permission)]));
    const odd = [...new Set([...there.keys(), ...here.keys()])].filter(
      (name) => there.get(name) !== here.get(name),
    );
    return seen(
      odd.length === 0,
      odd.length === 0 ? `the same ${here.size} operations` : `other: ${odd.join(", ")}`,
    );
  },
};

const headers: Expectation = {
  id: "interface/page-headers",
  area: "interface",
  expected: "no answer may be framed, kept, or run a foreign script",
  async play(tester) {
    const addresses = ["/healthz", "/api/users", "/api/docs", "/api/nowhere"];
    const missing: string[] = [];
    for (const address of addresses) {
      const { headers } = await tester.ask(null, "GET", address);
      const policy = String(headers["content-security-policy"]);
      const safe =
        policy.includes("default-src 'self'") &&
        policy.includes("frame-ancestors 'none'") &&
        policy.includes("require-trusted-types-for 'script'") &&
        headers["x-content-type-options"] === "nosniff" &&
        headers["cache-control"] === "no-store";
      if (!safe) missing.push(address);
    }
    return seen(missing.length === 0, missing.length === 0 ? "so it is" : `not so: ${missing.join(", ")}`);
  },
};

const foreignPage: Expectation = {
  id: "interface/foreign-page",
  area: "interface",
  expected: "a page of another origin is refused with 403 origin_refused",
  async play(tester) {
    const answers: (Answered & { call: string })[] = [];
    for (const origin of ["https://elsewhere.example", "null"]) {
      const answer = await tester.ask(null, "POST", "/api/session/refresh", {}, { origin });
      answers.push({ ...answer, call: `origin ${origin}` });
    }
    return allRefused(answers, { status: 403, code: "origin_refused", recorded: false });
  },
};

/** Of a page that the server hands to any address of its own, nothing is said. */
const isPage = ({ status, headers }: Answered): boolean =>
  status === 200 && String(headers["content-type"]).startsWith("text/html");

const tricks: Expectation = {
  id: "interface/address-tricks",
  area: "interface",
  expected: "other ways to write an address, and headers that name another, lead past no permission",
  async play(tester) {
    const nurse = await tester.session("nurse");
    const through: string[] = [];
    for (const address of addressTricks) {
      const answer = await tester.ask(nurse, "GET", address);
      if (![403, 404].includes(answer.status) && !isPage(answer))
        through.push(`${address}: ${statusOf(answer)}`);
    }
    const override = { "x-http-method-override": "POST", "x-original-url": "/healthz" };
    for (const method of ["GET", "HEAD"]) {
      const answer = await tester.ask(nurse, method, "/api/users", undefined, override);
      if (answer.status !== 403)
        through.push(`${method} with another address in its headers: ${statusOf(answer)}`);
    }
    return seen(through.length === 0, through.length === 0 ? "none does" : through.join(", "));
  },
};

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** Each address answers to its own methods only, also to those who may do most. */
const otherMethods = (): Expectation[] =>
  [...new Set(declaredRoutes.map(({ path }) => path))].map((path) => {
    const own = declaredRoutes.filter((one) => one.path === path).map(({ method }) => method.toUpperCase());
    const others = methods.filter((method) => !own.includes(method));
    return {
      id: `interface/only-its-methods ${path}`,
      area: "interface",
      expected: `${others.join(", ")} refused with 405 method_not_allowed`,
      async play(tester) {
        const caller = await tester.anyone();
        const answers: (Answered & { call: string })[] = [];
        for (const method of others) {
          const answer = await tester.ask(caller, method, unknownAddress({ path }));
          answers.push({ ...answer, call: method });
        }
        return allRefused(answers, { status: 405, code: "method_not_allowed", recorded: false });
      },
    };
  });

export const interfaceExpectations = (): Expectation[] => [
  sameInterface,
  headers,
  foreignPage,
  tricks,
  ...otherMethods(),
];
