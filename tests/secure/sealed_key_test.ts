import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { Buffer } from "node:buffer";
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  scryptSync,
} from "node:crypto";
import { ConfabError } from "../../src/base/errors.ts";
import {
  isSealedKey,
  openSealedKey,
  readSealedKey,
  sealKey,
} from "../../src/secure/sealed_key.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("sealed key", { env: true, sys: true });

// RFC 7748, section 6.1: Alice's keys.
const SECRET = Uint8Array.fromHex(
  "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
);
const PUBLIC = Uint8Array.fromHex(
  "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
);
const QUICK = { logN: 10, r: 8, p: 1 };

/** The key that seals, as another implementation makes it. */
function derived(passphrase: string, head: Uint8Array): Uint8Array {
  const salt = head.slice(4, 20);
  const [, logN, r, p] = head as unknown as [number, number, number, number];
  const options = { N: 2 ** logN, r, p, maxmem: 2 ** 30 };
  return scryptSync(passphrase.normalize("NFKC"), salt, 32, options);
}

function block(body: Uint8Array): string {
  const check = createHash("sha256").update(body).digest().subarray(0, 8);
  const base64 = Buffer.concat([body, check]).toString("base64");
  return `-----BEGIN CONFAB SEALED KEY-----\n${base64}\n-----END CONFAB SEALED KEY-----\n`;
}

/** A block as the documents describe it, made without a line of the code that is tested. */
function madeElsewhere(
  publicKey: Uint8Array,
  passphrase: string,
  cost: readonly number[] = [10, 8, 1],
  version = 1,
): string {
  const salt = Uint8Array.from({ length: 16 }, (_, n) => n);
  const head = Buffer.concat([
    Uint8Array.of(version, ...cost),
    salt,
    publicKey,
  ]);
  const isCheap = `${cost}` === "10,8,1";
  const key = isCheap ? derived(passphrase, head) : new Uint8Array(32);
  const cipher = createCipheriv("chacha20-poly1305", key, new Uint8Array(12), {
    authTagLength: 16,
  });
  cipher.setAAD(head, { plaintextLength: 32 });
  const sealed = Buffer.concat([cipher.update(SECRET), cipher.final()]);
  return block(Buffer.concat([head, sealed, cipher.getAuthTag()]));
}

test("is what the documents say, for another implementation", async () => {
  const text = await sealKey(SECRET, "ﬁve words", QUICK);
  assertMatch(
    text,
    /^-----BEGIN CONFAB SEALED KEY-----\n([A-Za-z0-9+/]{64}\n){2}[A-Za-z0-9+/]{16}\n-----END CONFAB SEALED KEY-----\n$/,
  );
  const bytes = Buffer.from(text.split("\n").slice(1, -2).join(""), "base64");
  assertEquals(bytes.length, 108);
  assertEquals([...bytes.subarray(0, 4)], [1, 10, 8, 1]);
  const head = bytes.subarray(0, 52);
  const key = derived("five words", head);
  const opening = createDecipheriv(
    "chacha20-poly1305",
    key,
    new Uint8Array(12),
    { authTagLength: 16 },
  );
  opening.setAAD(head, { plaintextLength: 32 });
  opening.setAuthTag(bytes.subarray(84, 100));
  const opened = opening.update(bytes.subarray(52, 84));
  opening.final();
  assertEquals(new Uint8Array(opened), SECRET);
});

test("that another implementation made is opened, whatever stands around it", async () => {
  const text = madeElsewhere(PUBLIC, "grüße");
  const [begin, base64, end] = text.split("\n");
  const lines = base64!.match(/.{1,40}/g)!.join(" \r\n\t");
  const mail = `> Here it is:\r\n\r\n${begin}\r\n${lines}\r\n${end}\r\nann`;
  for (const one of [text, mail]) {
    const sealed = readSealedKey(one);
    assertEquals(sealed.publicKey, PUBLIC);
    const { secret, pair } = await openSealedKey(sealed, "gru\u0308ße");
    assertEquals([secret, pair.publicKey], [SECRET, PUBLIC]);
    assertEquals(pair.privateKey.extractable, false);
  }
});

test("does not open by another passphrase, and is not called damaged then", async () => {
  const sealed = readSealedKey(await sealKey(SECRET, "right", QUICK));
  for (const wrong of ["wrong", "", "Right", "right "]) {
    const error = await assertRejects(
      () => openSealedKey(sealed, wrong),
      ConfabError,
    );
    assertEquals(error.code, "passphrase");
  }
});

test("that is damaged anywhere is called that, without a passphrase", async () => {
  const text = await sealKey(SECRET, "p", QUICK);
  const bytes = Buffer.from(text.split("\n").slice(1, -2).join(""), "base64");
  const armoured = (body: Uint8Array) =>
    `-----BEGIN CONFAB SEALED KEY-----\n${
      Buffer.from(body).toString("base64")
    }\n-----END CONFAB SEALED KEY-----`;
  const broken = Array.from(bytes, (byte, at) => {
    const one = Uint8Array.from(bytes);
    one[at] = byte ^ 0x10;
    return armoured(one);
  });
  broken.push(
    "",
    text + text,
    text.replace("-----END CONFAB SEALED KEY-----", ""),
    armoured(bytes.subarray(0, -1)),
    armoured(Buffer.concat([bytes, Uint8Array.of(0)])),
    text.replace(/\n(.)/, "\n!"),
    armoured(new Uint8Array(0)),
  );
  for (const one of broken) {
    const error = assertThrows(() => readSealedKey(one), ConfabError);
    assertEquals(
      [error.code, error.message],
      ["key-file", "is damaged; restore it from a copy"],
    );
  }
});

test("costs no more than so much to open, whoever wrote it", () => {
  const costs = [[21, 8, 1], [17, 33, 1], [10, 8, 5], [20, 8, 1], [0, 8, 1]];
  for (const cost of [...costs, [10, 0, 1], [10, 8, 0], [255, 255, 255]]) {
    const error = assertThrows(
      () => readSealedKey(madeElsewhere(PUBLIC, "p", cost)),
      ConfabError,
    );
    assertEquals(
      error.message,
      "would take too much memory or time to open",
      `${cost}`,
    );
  }
  for (const cost of [[18, 8, 4], [17, 16, 1]]) {
    readSealedKey(madeElsewhere(PUBLIC, "p", cost));
  }
});

test("of a later version is left to a later program", () => {
  const error = assertThrows(
    () => readSealedKey(madeElsewhere(PUBLIC, "p", [10, 8, 1], 2)),
    ConfabError,
  );
  assertEquals(
    error.message,
    "is sealed in the way of a later confab; use that",
  );
});

test("that names another key than it holds is found out", async () => {
  const other = Uint8Array.from(PUBLIC, (byte) => byte ^ 1);
  const sealed = readSealedKey(madeElsewhere(other, "p"));
  const error = await assertRejects(
    () => openSealedKey(sealed, "p"),
    ConfabError,
  );
  assertEquals(
    [error.code, error.message],
    ["key-file", "names another key than it holds"],
  );
});

test("is sealed anew each time, and not without a passphrase", async () => {
  const [one, two] = [
    await sealKey(SECRET, "p", QUICK),
    await sealKey(SECRET, "p", QUICK),
  ];
  assertEquals([one === two, isSealedKey(one)], [false, true]);
  assertEquals(isSealedKey("-----BEGIN PRIVATE KEY-----"), false);
  await assertRejects(() => sealKey(SECRET, "", QUICK), RangeError);
});
