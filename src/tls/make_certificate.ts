/** Makes a certificate that its key signs for itself. */
import { createPrivateKey, createPublicKey } from "node:crypto";
import { canonicalIp } from "../base/cidr.ts";

interface CertificateTerms {
  /** A private key for ECDSA with P-256, PKCS #8 in PEM. */
  readonly key: string;
  /** Names and addresses of hosts. */
  readonly hosts: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/**
 * A certificate of a server (RFC 5280), in PEM.
 *
 * @throws {DOMException} for another kind of key.
 */
export async function makeCertificate(
  { key, hosts, notBefore, notAfter }: CertificateTerms,
): Promise<string> {
  // A part of the library needs this one when it is loaded.
  await import("reflect-metadata");
  const {
    BasicConstraintsExtension,
    ExtendedKeyUsage,
    ExtendedKeyUsageExtension,
    KeyUsageFlags,
    KeyUsagesExtension,
    SubjectAlternativeNameExtension,
    X509CertificateGenerator,
  } = await import("@peculiar/x509");
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: "CN=confab",
    notBefore,
    notAfter,
    signingAlgorithm: ECDSA,
    keys: await signingPair(key),
    extensions: [
      // Strict clients take no server's that may sign others.
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(hosts.map((value) => ({
        type: canonicalIp(value) === undefined ? "dns" as const : "ip" as const,
        value,
      }))),
    ],
  });
  return `${certificate.toString("pem")}\n`;
}

async function signingPair(pem: string): Promise<CryptoKeyPair> {
  const key = createPrivateKey(pem);
  const secret = key.export({ type: "pkcs8", format: "der" });
  const open = createPublicKey(key).export({ type: "spki", format: "der" });
  const imported = (
    format: "pkcs8" | "spki",
    der: Uint8Array,
    usage: KeyUsage,
  ) => {
    const bytes = new Uint8Array(der);
    return crypto.subtle.importKey(format, bytes, ECDSA, true, [usage]);
  };
  return {
    privateKey: await imported("pkcs8", secret, "sign"),
    publicKey: await imported("spki", open, "verify"),
  };
}
