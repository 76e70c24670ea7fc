import "reflect-metadata";
import { createPrivateKey, webcrypto, X509Certificate } from "node:crypto";
import { hostname, networkInterfaces } from "node:os";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { toHex } from "#domain/kernel/bytes.ts";
import { now, randomBytes } from "#domain/kernel/clock.ts";
import { privateFolder, readIfPresent, writePrivateFile } from "./private-file.ts";

x509.cryptoProvider.set(webcrypto as Crypto);

export interface Certificates {
  /** The server's certificate followed by the authority's, PEM. */
  readonly cert: string;
  /** The server's private key, PEM (PKCS #8). */
  readonly key: string;
  /** The practice's own certificate authority, PEM: what tablets and AI nodes trust. */
  readonly ca: string;
  /** When the server's certificate ends, milliseconds since the epoch. It is renewed 30 days before. */
  readonly notAfter: number;
  /** SHA-256 of the authority's certificate, as `AB:CD:…`: what people compare when they enrol a tablet. */
  readonly fingerprint: string;
}

interface Pair {
  readonly certificate: string;
  readonly key: string;
}

const day = 86_400_000;
const leafDays = 397;
const renewDays = 30;
const authorityDays = 3650;
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const serverAuthentication = "1.3.6.1.5.5.7.3.1";

/**
 * Every name under which this machine may be reached: loopback, host name, `<host>.local`, IPv4 addresses of its
 * networks, and the practice's own name (`JAMEMR_HOSTNAME`).
 */
export function certificateNames(ownName?: string): string[] {
  const host = hostname().toLowerCase();
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((address) => !address.internal && address.family === "IPv4")
    .map((address) => address.address);
  const names = ["localhost", "127.0.0.1", "::1", host, practiceHost(), ...addresses];
  if (ownName) names.unshift(practiceHost(ownName));
  return [...new Set(names)].filter(
    (name) => isAddress(name) || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name),
  );
}

/** The name under which tablets reach the practice. */
export const practiceHost = (ownName?: string): string =>
  ownName?.toLowerCase() ?? `${hostname().toLowerCase().split(".")[0]}.local`;

/** Numbers instead of a name; IPv6 as in an address line, too. */
export const isAddress = (name: string): boolean => name.includes(":") || /^\d+\.\d+\.\d+\.\d+$/.test(name);

/**
 * Reads the practice's certificates from `directory` (`<data>/tls`) and makes what is missing: a certificate
 * authority once, a server certificate whenever there is none, fewer than 30 days are left, or the names changed.
 * A new server certificate needs nothing on the tablets, a new authority enrols them all again.
 *
 * Call it at start and once a day; `cert` differs when it was renewed.
 */
export async function ensureCertificates(directory: string, names: readonly string[]): Promise<Certificates> {
  await privateFolder(directory);
  const authority = await ensurePair(directory, "ca", isUsableAuthority, makeAuthority);
  const server = await ensurePair(
    directory,
    "server",
    (pair) => isUsableServer(pair, authority, names),
    () => makeServer(authority, names),
  );
  const leaf = new X509Certificate(server.certificate);
  return {
    cert: server.certificate + authority.certificate,
    key: server.key,
    ca: authority.certificate,
    notAfter: Date.parse(leaf.validTo),
    fingerprint: new X509Certificate(authority.certificate).fingerprint256,
  };
}

async function ensurePair(
  directory: string,
  name: string,
  isUsable: (pair: Pair) => boolean,
  make: () => Promise<Pair>,
): Promise<Pair> {
  const [certificateFile, keyFile] = [join(directory, `${name}.crt`), join(directory, `${name}.key`)];
  const [certificate, key] = [await readIfPresent(certificateFile), await readIfPresent(keyFile)];
  if (certificate && key && isUsable({ certificate, key })) return { certificate, key };
  const made = await make();
  await writePrivateFile(keyFile, made.key);
  await writePrivateFile(certificateFile, made.certificate);
  return made;
}

/** False for a certificate cut short by a crash, or beside the key of another one. */
function matches({ certificate, key }: Pair): X509Certificate | undefined {
  try {
    const parsed = new X509Certificate(certificate);
    return parsed.checkPrivateKey(createPrivateKey(key)) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

const daysLeft = (certificate: X509Certificate): number => (Date.parse(certificate.validTo) - now()) / day;

function isUsableAuthority(pair: Pair): boolean {
  const certificate = matches(pair);
  return certificate?.ca === true && daysLeft(certificate) > renewDays;
}

function isUsableServer(pair: Pair, authority: Pair, names: readonly string[]): boolean {
  const certificate = matches(pair);
  if (!certificate || daysLeft(certificate) < renewDays) return false;
  if (Date.parse(certificate.validFrom) > now()) return false;
  if (!certificate.verify(new X509Certificate(authority.certificate).publicKey)) return false;
  const named = new x509.X509Certificate(pair.certificate).getExtension(x509.SubjectAlternativeNameExtension);
  const count = named?.names.items.length ?? 0;
  const covered = names.every((name) =>
    isAddress(name) ? certificate.checkIP(name) : certificate.checkHost(name),
  );
  return covered && count === new Set(names).size;
}

const newKeys = async (): Promise<CryptoKeyPair> =>
  (await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;

/** 127 random bits, positive as X.509 wants it. */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return toHex(bytes);
}

async function privatePem(key: CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey("pkcs8", key as webcrypto.CryptoKey);
  return `${x509.PemConverter.encode(der, "PRIVATE KEY")}\n`;
}

async function makeAuthority(): Promise<Pair> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: `CN=JamEMR local authority ${toHex(randomBytes(4))}`,
    notBefore: new Date(now() - day),
    notAfter: new Date(now() + authorityDays * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: `${certificate.toString("pem")}\n`, key: await privatePem(keys.privateKey) };
}

async function makeServer(authority: Pair, names: readonly string[]): Promise<Pair> {
  const issuer = new x509.X509Certificate(authority.certificate);
  const issuerKey = await webcrypto.subtle.importKey(
    "pkcs8",
    x509.PemConverter.decodeFirst(authority.key),
    algorithm,
    false,
    ["sign"],
  );
  const keys = await newKeys();
  const end = Math.min(now() + (leafDays - 1) * day, issuer.notAfter.getTime());
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: `CN=${names[0] ?? "localhost"}`,
    issuer: issuer.subject,
    notBefore: new Date(now() - day),
    notAfter: new Date(end),
    signingKey: issuerKey as CryptoKey,
    publicKey: keys.publicKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([serverAuthentication]),
      new x509.SubjectAlternativeNameExtension(
        [...new Set(names)].map((value) => ({
          type: isAddress(value) ? ("ip" as const) : ("dns" as const),
          value,
        })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(issuer, false),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: `${certificate.toString("pem")}\n`, key: await privatePem(keys.privateKey) };
}
