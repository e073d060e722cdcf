import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { ChannelError } from "../../src/base/errors.ts";
import {
  dh,
  generateKeyPair,
  importPrivateKey,
} from "../../src/secure/x25519.ts";
import { testsOf } from "../_testing.ts";
import { keyPairOf, pkcs8Of } from "./_keys.ts";
import wycheproof from "../vectors/wycheproof-x25519.json" with {
  type: "json",
};

const test = testsOf("x25519");

const ALL_ZERO = "00".repeat(32);

async function dhHex(privateHex: string, publicHex: string): Promise<string> {
  const { privateKey } = await keyPairOf(privateHex);
  return (await dh(privateKey, Uint8Array.fromHex(publicHex))).toHex();
}

test("gives the secrets of Wycheproof's vectors, and none that is all zero", async () => {
  const cases = wycheproof.testGroups.flatMap((group) => group.tests);
  assertEquals(cases.length, 518);
  let refused = 0;
  for (const { tcId, public: key, private: secret, shared } of cases) {
    if (shared === ALL_ZERO) {
      refused++;
      await assertRejects(() => dhHex(secret, key), ChannelError);
    } else {
      assertEquals(await dhHex(secret, key), shared, `case ${tcId}`);
    }
  }
  // Those that the vectors flag ZeroSharedSecret.
  assertEquals(refused, 31);
});

test("agrees with RFC 7748, section 5.2, after 1 and 1,000 iterations", async () => {
  let k = `09${"00".repeat(31)}`;
  let u = k;
  for (let iteration = 1; iteration <= 1_000; iteration++) {
    [k, u] = [await dhHex(k, u), k];
    if (iteration === 1) {
      assertEquals(
        k,
        "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079",
      );
    }
  }
  assertEquals(
    k,
    "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51",
  );
});

test("derives the public key of a private one", async () => {
  // The responder's static pair of cacophony's vectors.
  const pair = await keyPairOf(
    "4a3acbfdb163dec651dfa3194dece676d437029c62a408b4c5ea9114246e4893",
  );
  assertEquals(
    pair.publicKey.toHex(),
    "31e0303fd6418d2f8c0e78b91f22e8caed0fbe48656dcf4767e4834f701b8f62",
  );
});

test("makes pairs that agree on a secret, each pair another", async () => {
  const [ann, bob] = [await generateKeyPair(), await generateKeyPair()];
  assertEquals(ann.publicKey.length, 32);
  assertNotEquals(ann.publicKey, bob.publicKey);
  const secret = await dh(ann.privateKey, bob.publicKey);
  assertEquals(secret.length, 32);
  assertEquals(secret, await dh(bob.privateKey, ann.publicKey));
});

test("makes and takes keys that cannot be taken out again", async () => {
  const pkcs8 = pkcs8Of("07".repeat(32));
  for (const pair of [await generateKeyPair(), await importPrivateKey(pkcs8)]) {
    assertEquals(pair.privateKey.extractable, false);
    await assertRejects(
      () => crypto.subtle.exportKey("pkcs8", pair.privateKey),
      DOMException,
    );
  }
});

test("takes no private key of another form", async () => {
  const pkcs8 = pkcs8Of("07".repeat(32));
  const ed25519 = pkcs8.slice();
  ed25519[11] = 0x70;
  const others = [new Uint8Array(0), pkcs8.slice(0, 47), ed25519];
  for (const bytes of others) {
    await assertRejects(() => importPrivateKey(bytes), DOMException);
  }
});

test("takes no public key of another length", async () => {
  const { privateKey } = await generateKeyPair();
  for (const length of [0, 31, 33]) {
    await assertRejects(
      () => dh(privateKey, new Uint8Array(length).fill(9)),
      ChannelError,
    );
  }
});
