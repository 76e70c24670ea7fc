/**
 * The page's only Trusted Types policy (CSP `trusted-types jamemr; require-trusted-types-for 'script'`). It lets
 * through addresses of our own scripts and nothing else: no HTML, no script text, no other origin.
 */
interface ScriptUrlPolicy {
  createScriptURL(url: string): unknown;
}
interface TrustedTypesFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptUrlPolicy;
}

const ownScript = (url: string): string => {
  const { origin } = self.location;
  if (new URL(url, origin).origin !== origin) throw new TypeError("not a script of this application");
  return url;
};

let policy: ScriptUrlPolicy | undefined;

/** @throws {TypeError} for an address of another origin */
export function trustedScriptUrl(url: string): string {
  const factory = (globalThis as { trustedTypes?: TrustedTypesFactory }).trustedTypes;
  if (!factory) return ownScript(url);
  policy ??= factory.createPolicy("jamemr", { createScriptURL: ownScript });
  // The DOM types want a string where a browser with Trusted Types wants this object.
  return policy.createScriptURL(url) as string;
}
