/** Certificates for tests, made anew: fixed ones would be over some day. */
import { generateKeyPairSync } from "node:crypto";
import { DAY_MS } from "../../src/base/time.ts";
import { type Certificate, certificateOf } from "../../src/tls/certificate.ts";
import { makeCertificate } from "../../src/tls/make_certificate.ts";

export interface Made {
  readonly chain: string;
  readonly key: string;
}

export function newKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }) as string;
}

/** One that was good from yesterday on, for so many days. */
export async function made(
  { hosts = ["localhost", "127.0.0.1"], days = 30, key = newKey() } = {},
): Promise<Made> {
  const notBefore = new Date(Date.now() - DAY_MS);
  const notAfter = new Date(notBefore.getTime() + days * DAY_MS);
  const chain = await makeCertificate({ key, hosts, notBefore, notAfter });
  return { chain, key };
}

export function read({ chain, key }: Made): Certificate {
  return certificateOf(
    { path: "chain.pem", text: chain },
    { path: "key.pem", text: key },
  );
}
