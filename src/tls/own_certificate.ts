/** A certificate of the server's own, which nobody vouches for: made when there is none. */
import { generateKeyPairSync } from "node:crypto";
import { canonicalIp } from "../base/cidr.ts";
import { describeError } from "../base/errors.ts";
import { CERTIFICATE_DAYS, CERTIFICATE_RENEWED_DAYS } from "../base/limits.ts";
import { DAY_MS, HOUR_MS } from "../base/time.ts";
import { isMissing } from "../trust/identity_file.ts";
import {
  keyFileFault,
  readPrivateFile,
  writePrivateFile,
} from "../trust/private_file.ts";
import {
  type Certificate,
  certificateOf,
  type PemFile,
  readKey,
} from "./certificate.ts";
import { type CertificateSource, stateOfFiles } from "./certificate_source.ts";
import { makeCertificate } from "./make_certificate.ts";

export interface OwnCertificateOptions {
  /** The directory that has `tls.pem` and `tls.key`. */
  readonly data: string;
  /** Hosts that it is to be for: names and addresses. */
  readonly names: readonly string[];
  /** Milliseconds UTC. */
  readonly now: number;
}

/** A name of a host, as one can stand in a certificate. */
const HOST = /^(?:\*\.)?[\w.-]{1,253}$/;
const WEAK =
  "is no key for ECDSA with P-256; move it away for a new one, or name it with --tls-key and its certificate with --tls-cert";

/** Where the certificate is, and where its key. */
export function ownPaths(data: string): { chain: string; key: string } {
  return { chain: `${data}/tls.pem`, key: `${data}/tls.key` };
}

/**
 * The certificate in the data directory. Another is made, with the same key, where there is none,
 * it lacks one of the names, or will soon be over.
 *
 * @throws {ConfabError} `key-file` for a key that is not usable: that is never replaced.
 */
export async function loadOwnCertificate(
  { data, names, now }: OwnCertificateOptions,
): Promise<Certificate> {
  const paths = ownPaths(data);
  const hosts = hostsOf(names);
  const known = await readIfThere(paths.key);
  const key = known ?? { path: paths.key, text: newKey() };
  readKey(key);
  const before = known && judged(await readIfThere(paths.chain), known);
  if (before !== undefined && isEnough(before, hosts, now)) return before;
  const text = await makeCertificate({
    ...{ key: key.text, hosts },
    // Clocks of clients may be behind.
    notBefore: new Date(now - HOUR_MS),
    notAfter: new Date(now - HOUR_MS + CERTIFICATE_DAYS * DAY_MS),
  }).catch((cause) => {
    throw keyFileFault(key.path, WEAK, cause);
  });
  if (known === undefined) await write(key);
  const chain = { path: paths.chain, text };
  await write(chain);
  return certificateOf(chain, key);
}

/** The certificate in the data directory, which takes care of itself. */
export function ownCertificate(
  options: Omit<OwnCertificateOptions, "now">,
): CertificateSource {
  const paths = ownPaths(options.data);
  let current: Certificate | undefined;
  return {
    state: async (now) => {
      const isDue = current !== undefined && isNearItsEnd(current, now);
      return `${await stateOfFiles(Object.values(paths))} ${isDue}`;
    },
    load: async (now) => {
      current = await loadOwnCertificate({ ...options, now });
      return { certificate: current, warnings: [] };
    },
  };
}

/** Whether it is time for another. */
function isNearItsEnd({ notAfter }: Certificate, now: number): boolean {
  return now >= notAfter - CERTIFICATE_RENEWED_DAYS * DAY_MS;
}

/** Those that can stand in a certificate, as they stand there. */
function hostsOf(names: readonly string[]): string[] {
  const hosts = names.map((name) => canonicalIp(name) ?? name.toLowerCase());
  return [...new Set(hosts)].filter((host) =>
    HOST.test(host) || canonicalIp(host) !== undefined
  );
}

/** Whose clock went back so far that it is not good yet, needs another, too. */
function isEnough(
  certificate: Certificate,
  hosts: readonly string[],
  now: number,
): boolean {
  const { names, notBefore } = certificate;
  return now >= notBefore && !isNearItsEnd(certificate, now) &&
    hosts.every((host) => names.includes(host));
}

/** The certificate that is there; one that is damaged, or not the key's, is none. */
function judged(
  chain: PemFile | undefined,
  key: PemFile,
): Certificate | undefined {
  try {
    return chain && certificateOf(chain, key);
  } catch {
    return undefined;
  }
}

async function readIfThere(path: string): Promise<PemFile | undefined> {
  try {
    return { path, text: await readPrivateFile(path) };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function write({ path, text }: PemFile): Promise<void> {
  await writePrivateFile(path, text).catch((cause) => {
    const what = `cannot be written: ${describeError(cause)}`;
    throw keyFileFault(path, what, cause);
  });
}

function newKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }) as string;
}
