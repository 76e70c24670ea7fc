import * as z from "zod";
import { collectionNames, mutations } from "#domain/registry.ts";
import { mutationSchema } from "#domain/sync/protocol.ts";
import type { Route } from "./route.ts";

const problem = {
  type: "object",
  required: ["type", "title", "status", "code", "requestId"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string" },
    detail: { type: "string" },
    requestId: { type: "string" },
    auditSeq: { type: "integer", description: "Number of the audit record of a logged denial" },
  },
} as const;

const json = (schema: unknown) => ({ "application/json": { schema } });
const shape = (schema: z.ZodType) =>
  z.toJSONSchema(schema, { io: "input", unrepresentable: "any", target: "openapi-3.0" });

/** Every operation with its permission and audit action, and every mutation's arguments, as OpenAPI 3.1. */
export function describeApi(routes: readonly Route[]) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    paths[route.path] ??= {};
    paths[route.path]![route.method] = describeRoute(route);
  }
  const args = [...mutations].map(([name, { mutation }]) => [`Mutation.${name}`, shape(mutation.args)]);
  return {
    openapi: "3.1.0",
    info: { title: "JamEMR sync server", version: "1" },
    paths,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
      schemas: { Problem: problem, Mutation: shape(mutationSchema), ...Object.fromEntries(args) },
    },
    tags: collectionNames.map((name) => ({ name })),
  };
}

function describeRoute(route: Route): unknown {
  const parameters = [
    ...Object.entries(route.params?.shape ?? {}).map(([name, schema]) => ({
      name,
      in: "path",
      required: true,
      schema: shape(schema as z.ZodType),
    })),
    ...Object.entries(route.query?.shape ?? {}).map(([name, schema]) => ({
      name,
      in: "query",
      required: !(schema as z.ZodType).safeParse(undefined).success,
      schema: shape(schema as z.ZodType),
    })),
  ];
  const { response } = route;
  const ok =
    response === undefined
      ? { 204: { description: "Done" } }
      : response === "bytes"
        ? { 200: { description: "Bytes, or the upload protocol's answer" } }
        : response === "events"
          ? {
              200: {
                description: "Events",
                content: { "text/event-stream": { schema: { type: "string" } } },
              },
            }
          : {
              200: {
                description: "OK",
                content: json(z.toJSONSchema(response, { io: "output", unrepresentable: "any" })),
              },
            };
  return {
    summary: route.summary,
    operationId: `${route.method} ${route.path}`,
    "x-permission": route.permission,
    "x-audit": route.audit,
    ...(route.permission === "public" ? {} : { security: [{ bearer: [] }] }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body ? { requestBody: { required: true, content: json(shape(route.body)) } } : {}),
    responses: {
      ...ok,
      default: {
        description: "Refused or failed",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
  };
}
