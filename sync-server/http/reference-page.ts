import { type ErrorCode, errorCatalog } from "#domain/errors/catalog.ts";
import { operatorNotes } from "#domain/errors/operator-notes.ts";
import type { Route } from "./route.ts";

const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const auditText = (audit: Route["audit"]): string =>
  typeof audit === "string" ? audit : `none: ${audit.none}`;

const style = `body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color-scheme:light dark}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #8884;padding:.4rem;text-align:left;vertical-align:top}
code{font-size:.9em}`;

/** The reference that the practice can read from its own server: operations, permissions, audit actions, errors. */
export function referencePage(routes: readonly Route[]): string {
  const operations = routes
    .map(
      ({ method, path, summary, permission, audit }) =>
        `<tr><td><code>${method.toUpperCase()} ${escapeHtml(path)}</code></td><td>${escapeHtml(summary)}</td><td><code>${permission}</code></td><td>${escapeHtml(auditText(audit))}</td></tr>`,
    )
    .join("");
  const errors = Object.entries(errorCatalog)
    .map(
      ([code, { status, retry, message }]) =>
        `<tr id="error-${code}"><td><code>${code}</code></td><td>${status}</td><td>${retry ? "yes" : "no"}</td><td>${escapeHtml(message)}</td><td>${escapeHtml(operatorNotes[code as ErrorCode])}</td></tr>`,
    )
    .join("");
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>JamEMR interface</title><style>${style}</style>
<h1>JamEMR interface</h1><p>Machine-readable: <a href="/api/openapi.json">/api/openapi.json</a></p>
<h2>Operations</h2><table><tr><th>Operation<th>What it does<th>Permission<th>Audit record</tr>${operations}</table>
<h2>Errors</h2><table><tr><th>Code<th>Status<th>Retry<th>A person reads<th>Practice IT reads</tr>${errors}</table></html>`;
}
