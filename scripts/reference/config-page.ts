import * as z from "zod";
import { configSchema as nodeConfig } from "#ai/config.ts";
import { configSchema as serverConfig } from "#server/config.ts";
import { code, page, paragraph, table } from "./markdown.ts";

interface OptionShape {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly description?: string;
}

function typeWords(option: OptionShape): string {
  if (option.enum) return option.enum.map(code).join(" · ");
  if (option.format === "uri") return "address";
  const { type, minimum, maximum } = option;
  if (type !== "integer" && type !== "number") return "text";
  const known = (limit: number | undefined): limit is number =>
    limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER;
  const range = known(minimum) && known(maximum) ? `, ${minimum} to ${maximum}` : "";
  return `${type === "integer" ? "whole number" : "number"}${range || (known(minimum) ? `, at least ${minimum}` : "")}`;
}

function optionTable(schema: z.ZodObject): string {
  const shape = z.toJSONSchema(schema, { io: "output", unrepresentable: "any" });
  const required = new Set(shape.required ?? []);
  return table(
    ["Variable", "Type", "Default", "What"],
    Object.entries(shape.properties ?? {}).map(([name, property]) => {
      const option = property as OptionShape;
      const preset = option.default === undefined ? "" : code(String(option.default));
      return [
        code(name),
        typeWords(option),
        preset || (required.has(name) ? "demanded" : "—"),
        option.description ?? "",
      ];
    }),
  );
}

/** docs/reference/config.md */
export const configPage = (): string =>
  page(
    "Configuration",
    "sync-server/config.ts and ai-node/config.ts",
    paragraph(
      "Everything is set by environment variables; there is no other configuration file to edit. A wrong value stops the " +
        "program at once and is named; an empty one counts as not set.",
    ),
    "## Sync server",
    paragraph(
      "`npm start` fills in the two database addresses of the PostgreSQL that comes with JamEMR. Set `DATABASE_URL` only for a " +
        "server of your own ([installing](../operate/install.md)).",
    ),
    optionTable(serverConfig),
    "## AI node",
    paragraph(
      "`npm start` sets address, token file and models for the node that it starts itself; a node on another machine needs " +
        "them ([AI node](../operate/ai-node.md)).",
    ),
    optionTable(nodeConfig),
  );
