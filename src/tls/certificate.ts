/** A certificate with its key, as TLS uses them: read from PEM, and judged. */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { createSecureContext, type SecureContext } from "node:tls";
import { canonicalIp } from "../base/cidr.ts";
import { describeError } from "../base/errors.ts";
import { keyFileFault } from "../trust/private_file.ts";

/** A text of PEM, and the file that errors name. */
export interface PemFile {
  readonly path: string;
  readonly text: string;
}

export interface Certificate {
  /** What TLS takes. */
  readonly context: SecureContext;
  /** Hosts that it is for: names in lower case, and addresses. */
  readonly names: readonly string[];
  /** SHA-256 of the certificate as browsers show it: 32 bytes in hex, colons between. */
  readonly fingerprint: string;
  /** From when and until when it is good, in milliseconds UTC. */
  readonly notBefore: number;
  readonly notAfter: number;
}

const BLOCK =
  /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----(?:\r?\n)?/g;
/** The beginning of a key: its file may have certificates, too, or the parameters of its curve. */
const KEY = /-----BEGIN (?:\w+ )?PRIVATE KEY-----/;
/** Kinds of keys that clients of TLS take, and curves (RFC 8446, section 4.2.3). */
const KINDS = new Set(["rsa", "rsa-pss", "ed25519", "ec"]);
const CURVES = new Set(["prime256v1", "secp384r1", "secp521r1"]);
/** The kinds of names that hosts have, as Node writes them. */
const HOST = /^(DNS|IP Address):(.+)$/;

/**
 * A certificate, behind which others may stand that vouch for it (RFC 8446, section 4.4.2), and its
 * private key.
 *
 * @throws {ConfabError} `key-file`, naming the file that is at fault.
 */
export function certificateOf(chain: PemFile, key: PemFile): Certificate {
  const blocks = chain.text.match(BLOCK) ?? [];
  const certificates = blocks.map((block) => readBlock(chain.path, block));
  const [own] = certificates;
  if (own === undefined) {
    throw keyFileFault(chain.path, "holds no certificate in PEM");
  }
  const secret = readKey(key);
  if (!own.checkPrivateKey(secret)) {
    throw keyFileFault(
      key.path,
      `is not the key of the first certificate in ${chain.path}`,
    );
  }
  const kind = unusableKind(secret);
  if (kind !== undefined) {
    const what = `is a key (${kind}) that clients of TLS do not take`;
    throw keyFileFault(key.path, what);
  }
  return {
    context: contextOf(chain.path, blocks.join(""), secret),
    names: namesOf(own),
    fingerprint: own.fingerprint256,
    notBefore: Date.parse(own.validFrom),
    notAfter: Date.parse(own.validTo),
  };
}

function readBlock(path: string, block: string): X509Certificate {
  try {
    return new X509Certificate(block);
  } catch (cause) {
    throw keyFileFault(path, "holds a damaged certificate", cause);
  }
}

/** @throws {ConfabError} `key-file`. */
export function readKey({ path, text }: PemFile): KeyObject {
  try {
    return createPrivateKey(keyBlock(text));
  } catch (cause) {
    const isSealed = /-----BEGIN ENCRYPTED |^Proc-Type: 4,ENCRYPTED/m.test(
      text,
    );
    throw keyFileFault(
      path,
      isSealed
        ? "is sealed by a passphrase, and must open by itself; take it off with openssl pkey"
        : "holds no private key in PEM",
      cause,
    );
  }
}

/** What a key is with which every handshake would fail, though a context takes it. */
function unusableKind(key: KeyObject): string | undefined {
  const { asymmetricKeyType: kind = "", asymmetricKeyDetails } = key;
  if (!KINDS.has(kind)) return kind;
  if (kind !== "ec") return undefined;
  const { namedCurve = kind } = asymmetricKeyDetails ?? {};
  return CURVES.has(namedCurve) ? undefined : namedCurve;
}

/** Just the key, where there is one: what reads it takes nothing else beside it. */
function keyBlock(text: string): string {
  const [begin] = KEY.exec(text) ?? [];
  if (begin === undefined) return text;
  const from = text.indexOf(begin);
  const end = begin.replace("BEGIN", "END");
  const to = text.indexOf(end, from);
  return to === -1 ? text : `${text.slice(from, to)}${end}\n`;
}

function contextOf(path: string, cert: string, key: KeyObject): SecureContext {
  try {
    const pem = key.export({ type: "pkcs8", format: "pem" }) as string;
    return createSecureContext({ cert, key: pem, minVersion: "TLSv1.2" });
  } catch (cause) {
    const what = `cannot be used for TLS: ${describeError(cause)}`;
    throw keyFileFault(path, what, cause);
  }
}

function namesOf({ subjectAltName = "" }: X509Certificate): string[] {
  return subjectAltName.split(", ").flatMap((name) => {
    const [, kind, host] = HOST.exec(name) ?? [];
    if (host === undefined) return [];
    return [kind === "DNS" ? host.toLowerCase() : canonicalIp(host) ?? host];
  });
}
