import { assertEquals, assertThrows } from "@std/assert";
import { generateKeyPairSync } from "node:crypto";
import { ConfabError } from "../../src/base/errors.ts";
import { DAY_MS } from "../../src/base/time.ts";
import { NO_WEB, testsOf } from "../_testing.ts";
import { made, newKey, read } from "./_certificate.ts";

const test = testsOf("certificate", "none", NO_WEB);

/** Made by `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:secp256k1`. */
const SECP256K1 = {
  chain: `-----BEGIN CERTIFICATE-----
MIIBbDCCARKgAwIBAgIUDMJgyFu0Juh2/PUSLV/xlMyqfigwCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBeDAgFw0yNjExMjEyMjI2NThaGA8yMTI2MTAyODIyMjY1OFow
DDEKMAgGA1UEAwwBeDBWMBAGByqGSM49AgEGBSuBBAAKA0IABHC4f0KvpeqaqLSg
CcVq17JXyRuUkTfC5P5d/zUkIl0HQt2K5qEzwtbOzWSI1F9t7XfznsEluKVXivuI
ulhscfKjUzBRMB0GA1UdDgQWBBQLaHf1Vf3n8LUmQTM0sUINd4QVTjAfBgNVHSME
GDAWgBQLaHf1Vf3n8LUmQTM0sUINd4QVTjAPBgNVHRMBAf8EBTADAQH/MAoGCCqG
SM49BAMCA0gAMEUCICsUlHRt0wV3ADot8mSHaqhDUUDYtXE2j8V5IjrFkRESAiEA
wwUadtNYbmqxKubN6Rb6fjse+RcTUBFvh6wXdZ8qKF8=
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQgncC9cNe/oi5C+ffsCqxa
SwHfjJRx36vXnV1kKlQIrJahRANCAARwuH9Cr6Xqmqi0oAnFateyV8kblJE3wuT+
Xf81JCJdB0LdiuahM8LWzs1kiNRfbe13857BJbilV4r7iLpYbHHy
-----END PRIVATE KEY-----
`,
};

test("knows the hosts that it is for, and how browsers show it", async () => {
  const hosts = ["Chat.Example", "192.0.2.7", "2001:db8::1"];
  const both = await made({ hosts, days: 10 });
  const certificate = read(both);
  assertEquals(certificate.names, ["chat.example", "192.0.2.7", "2001:db8::1"]);
  const lifeMs = certificate.notAfter - certificate.notBefore;
  assertEquals(lifeMs, 10 * DAY_MS);
  const der = both.chain.replace(/-----.*-----|\s/g, "");
  const digest = await crypto.subtle.digest(
    "SHA-256",
    Uint8Array.from(atob(der), (char) => char.charCodeAt(0)),
  );
  const hex = Array.from(
    new Uint8Array(digest),
    (byte) => byte.toString(16).toUpperCase().padStart(2, "0"),
  );
  assertEquals(certificate.fingerprint, hex.join(":"));
});

test("has those behind it that vouch for it, with text around them", async () => {
  const [own, other] = [await made({ hosts: ["a.example"] }), await made()];
  const chain = `subject=a\n${own.chain}\nsubject=b\n${other.chain}`;
  assertEquals(read({ ...own, chain }).names, ["a.example"]);
  // The wrong way round, the key is that of the second one.
  const turned = { ...own, chain: `${other.chain}${own.chain}` };
  assertThrows(
    () => read(turned),
    ConfabError,
    "key.pem: is not the key of the first certificate in chain.pem",
  );
});

test("takes the keys that certificates have, as their files are written", () => {
  for (
    const [type, options] of [
      ["ec", { namedCurve: "P-384" }],
      ["rsa", { modulusLength: 2_048 }],
    ] as const
  ) {
    const { privateKey } = type === "ec"
      ? generateKeyPairSync(type, options)
      : generateKeyPairSync(type, options);
    for (const format of ["pkcs8", type === "ec" ? "sec1" : "pkcs1"] as const) {
      const key = privateKey.export({ type: format as "pkcs8", format: "pem" });
      const wrong = () => read({ chain: CHAIN, key: key as string });
      // It is read, and then it does not fit.
      assertThrows(wrong, ConfabError, "is not the key of");
    }
  }
});

test("may be in one file with its key, whichever comes first", async () => {
  const { chain, key } = await made({ hosts: ["a.example"] });
  for (const both of [chain + key, key + chain, `# mine\n${chain}${key}`]) {
    assertEquals(read({ chain: both, key: both }).names, ["a.example"]);
  }
});

test("is refused at once with a key that no client takes", () => {
  assertThrows(
    () => read(SECP256K1),
    ConfabError,
    "key.pem: is a key (secp256k1) that clients of TLS do not take",
  );
});

test("says which file is wrong, and how", async () => {
  const { chain, key } = await made();
  const damaged = chain.replace(/\n.{20}/, `\n${"A".repeat(20)}`);
  const sealed = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey
    .export({
      ...{ type: "pkcs8", format: "pem" },
      ...{ cipher: "aes-256-cbc", passphrase: "secret" },
    }) as string;
  for (
    const [wrong, words] of [
      [{ chain: "", key }, "chain.pem: holds no certificate in PEM"],
      [{ chain: key, key }, "chain.pem: holds no certificate in PEM"],
      [{ chain: damaged, key }, "chain.pem: holds a damaged certificate"],
      [{ chain, key: "" }, "key.pem: holds no private key in PEM"],
      [{ chain, key: chain }, "key.pem: holds no private key in PEM"],
      [{ chain, key: sealed }, "key.pem: is sealed by a passphrase"],
      [{ chain, key: newKey() }, "key.pem: is not the key of the first"],
    ] as const
  ) {
    assertThrows(() => read(wrong), ConfabError, words);
  }
});

const { chain: CHAIN } = await made();
