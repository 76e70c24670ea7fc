import { X509Certificate } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { now, useClock } from "#domain/kernel/clock.ts";
import { type Certificates, certificateNames, ensureCertificates } from "./tls.ts";

const day = 86_400_000;
const names = ["localhost", "127.0.0.1", "::1", "clinic.local"];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "jamemr-tls-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Asks a real HTTPS server with these certificates; the client trusts the authority and nothing else. */
async function ask(certificates: Certificates, ca: string, servername: string): Promise<string> {
  const server = createServer({ cert: certificates.cert, key: certificates.key }, (_request, response) => {
    response.end("hello");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await new Promise<string>((resolve, reject) => {
      const options = { host: "127.0.0.1", port, ca, servername, agent: false as const };
      request(options, (response) => {
        response.setEncoding("utf8").on("data", resolve);
      })
        .on("error", reject)
        .end();
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function later<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  const restore = useClock({ now: () => Date.parse("2027-01-01T00:00:00Z") + milliseconds });
  try {
    return await work();
  } finally {
    restore();
  }
}

describe("the practice's certificates", () => {
  it("are accepted by a client that trusts the authority, for every name and no other", async () => {
    const made = await ensureCertificates(folder, names);
    for (const name of ["localhost", "clinic.local"]) expect(await ask(made, made.ca, name)).toBe("hello");
    await expect(ask(made, made.ca, "other.example")).rejects.toThrow(/altnames/);
    const leaf = new X509Certificate(made.cert);
    for (const address of ["127.0.0.1", "::1"]) expect(leaf.checkIP(address)).toBe(address);
  });

  it("are refused by a client that trusts another authority", async () => {
    const other = await ensureCertificates(join(folder, "other"), names);
    const made = await ensureCertificates(folder, names);
    await expect(ask(made, other.ca, "localhost")).rejects.toThrow(
      /self-signed certificate in certificate chain/,
    );
  });

  it("last at most 397 days and the key is for its owner's eyes", async () => {
    const made = await ensureCertificates(folder, names);
    const leaf = new X509Certificate(made.cert);
    expect((Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)) / day).toBeLessThanOrEqual(397);
    expect((made.notAfter - now()) / day).toBeGreaterThan(390);
    expect(made.fingerprint).toBe(new X509Certificate(made.ca).fingerprint256);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const file of await readdir(folder))
      expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
  });

  it("stay the same while they are good", async () => {
    const first = await ensureCertificates(folder, names);
    expect(await ensureCertificates(folder, [...names].reverse())).toEqual(first);
  });

  it("are renewed under the same authority when names change or fewer than 30 days are left", async () => {
    const first = await later(0, () => ensureCertificates(folder, names));
    const renamed = await later(day, () => ensureCertificates(folder, [...names, "10.1.2.3"]));
    expect(renamed.cert).not.toBe(first.cert);
    expect(renamed.ca).toBe(first.ca);
    const fewer = await later(2 * day, () => ensureCertificates(folder, names));
    expect(new X509Certificate(fewer.cert).checkIP("10.1.2.3")).toBeUndefined();
    expect((await later(360 * day, () => ensureCertificates(folder, names))).cert).toBe(fewer.cert);
    const late = await later(370 * day, () => ensureCertificates(folder, names));
    expect(late.cert).not.toBe(fewer.cert);
    expect(late.ca).toBe(first.ca);
  });

  it("never outlive their authority", async () => {
    await later(0, () => ensureCertificates(folder, names));
    const made = await later(3400 * day, () => ensureCertificates(folder, names));
    expect(made.notAfter).toBeLessThanOrEqual(Date.parse(new X509Certificate(made.ca).validTo));
  });

  it("are made again when a file was cut short or belongs to another key", async () => {
    const first = await ensureCertificates(folder, names);
    await writeFile(join(folder, "server.crt"), first.cert.slice(0, 200));
    const again = await ensureCertificates(folder, names);
    expect(again.ca).toBe(first.ca);
    await ensureCertificates(join(folder, "other"), names);
    await writeFile(join(folder, "server.key"), await readFile(join(folder, "other", "server.key")));
    const repaired = await ensureCertificates(folder, names);
    expect(await ask(repaired, repaired.ca, "localhost")).toBe("hello");
  });
});

describe("certificateNames", () => {
  it("covers loopback and the practice's own name, each once and well formed", () => {
    const all = certificateNames("Clinic.Example");
    expect(all).toEqual(expect.arrayContaining(["clinic.example", "localhost", "127.0.0.1", "::1"]));
    expect(all.some((name) => name.endsWith(".local"))).toBe(true);
    expect(new Set(all).size).toBe(all.length);
  });
});
