import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ConfabError } from "../../src/base/errors.ts";
import {
  loadIdentity,
  loadOrCreateIdentity,
} from "../../src/trust/identity_file.ts";
import { dh } from "../../src/secure/x25519.ts";

// All made with openssl; the public key is what `openssl pkey -noout -text` shows.
const PEM = pem(
  "MC4CAQAwBQYDK2VuBCIEIBB6qPVJmzGb2pa80pBBAO8dLMv0Fwwnu/SdKnWYqJlU",
);
const PUBLIC_KEY =
  "8918b64fd2e436f70f7d81cc83006d590fa678a794a455cfe901dcff9b9fc246";
const ED25519 = pem(
  "MC4CAQAwBQYDK2VwBCIEIKX4B4DQ9nU1MSkPoddTC+YBLy8yUUh+2voV5a+Xw371",
);
const X448 = pem(
  "MEYCAQAwBQYDK2VvBDoEOAytwiWMbIXmRAoYkN8tOm5Sa/KqsgBFwjCf3iXZJSgx\n6+lwcSRxLKIG5zUYGdO9sTX2Y7x9z62j",
);
const P256 = pem(
  "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg50X1VtVRkGoX2CT9\n" +
    "6AaXrH8tUSUlBvPEz9h5pceEpMOhRANCAAS7isKE+3x3+z8Qv4BJXW6qc25dDyvS\n" +
    "XQSVDp/1BQI9irDsJzuMEYlDM7BpbCKyu4pRnmMeXIr3HeydoPCYm+YF",
);

function pem(body: string, label = "PRIVATE KEY"): string {
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}

function test(name: string, fn: (path: string) => Promise<void>): void {
  Deno.test(`identity file: ${name}`, async () => {
    const dir = await Deno.makeTempDir();
    try {
      await fn(`${dir}/identity`);
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  });
}

test("of openssl gives the public key that openssl shows", async (path) => {
  await write(path, PEM);
  assertEquals((await loadIdentity(path)).publicKey.toHex(), PUBLIC_KEY);
});

test("may have the line ends of Windows and empty lines around", async (path) => {
  await write(path, `\n${PEM.replaceAll("\n", "\r\n")}\r\n`);
  assertEquals((await loadIdentity(path)).publicKey.toHex(), PUBLIC_KEY);
});

test("is made when there is none, in the form that openssl writes", async (path) => {
  const first = await loadOrCreateIdentity(path);
  const text = await Deno.readTextFile(path);
  assertMatch(
    text,
    /^-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEI[A-Za-z0-9+/]{43}\n-----END PRIVATE KEY-----\n$/,
  );
  const second = await loadOrCreateIdentity(path);
  assertEquals(second.publicKey, first.publicKey);
  assertEquals(await Deno.readTextFile(path), text);
});

test("gives a key that works and cannot be taken out again", async (path) => {
  const pair = await loadOrCreateIdentity(path);
  await write(`${path}2`, PEM);
  const other = await loadIdentity(`${path}2`);
  assertEquals(
    await dh(pair.privateKey, other.publicKey),
    await dh(other.privateKey, pair.publicKey),
  );
  assertEquals(pair.privateKey.extractable, false);
});

test("made by many at once is the same for all", async (path) => {
  const all = await Promise.all(
    Array.from({ length: 8 }, () => loadOrCreateIdentity(path)),
  );
  const keys = new Set(all.map(({ publicKey }) => publicKey.toHex()));
  assertEquals(keys.size, 1);
  assertEquals(keys, new Set([(await loadIdentity(path)).publicKey.toHex()]));
});

test("that is missing is named, with the way to make one", async (path) => {
  assertEquals(
    await faultOf(() => loadIdentity(path)),
    `${path}: there is no such key file; check the path, or make one: openssl genpkey -algorithm X25519 -out ${path}`,
  );
});

test("that others can read is refused, also where one could be made", async (path) => {
  await write(path, PEM);
  await Deno.chmod(path, 0o644);
  const expected = `${path}: is open to others; run: chmod 600 ${path}`;
  assertEquals(await faultOf(() => loadIdentity(path)), expected);
  assertEquals(await faultOf(() => loadOrCreateIdentity(path)), expected);
});

test("in a directory that others can write is refused", async (path) => {
  const directory = path.replace(/\/[^/]*$/, "");
  await write(path, PEM);
  await Deno.chmod(directory, 0o730);
  assertEquals(
    await faultOf(() => loadOrCreateIdentity(path)),
    `${path}: others can write its directory; run: chmod go-w ${directory}`,
  );
});

test("that is a directory is named", async (path) => {
  await Deno.mkdir(path);
  assertEquals(
    await faultOf(() => loadOrCreateIdentity(path)),
    `${path}: is a directory, a file is expected`,
  );
});

test("that cannot be made is named", async (path) => {
  await write(path, "");
  const inside = `${path}/identity`;
  assertMatch(await faultOf(() => loadOrCreateIdentity(inside)), /identity: /);
});

const DAMAGED = {
  "empty": "",
  "cut": PEM.slice(0, 60),
  "without its last line": PEM.split("\n").slice(0, 2).join("\n"),
  "with a letter lost": PEM.replace("Gb2pa", "Gb2p"),
  "with a letter that is no base64": PEM.replace("Gb2pa", "Gb2p!"),
  "twice in a file": PEM + PEM,
  "with text before it": `my key\n${PEM}`,
  "with text after it": `${PEM}my key\n`,
  "with another end": PEM.replace("END PRIVATE", "END PUBLIC"),
  // The length of the inner octet string, 0x20, as 0x21: openssl refuses it too.
  "with a wrong length inside": PEM.replace("BCIEIBB6", "BCIEIRB6"),
  // One byte more after the key, all outer lengths right.
  "with a byte too many": pem(
    "MC8CAQAwBQYDK2VuBCMEIBB6qPVJmzGb2pa80pBBAO8dLMv0Fwwnu/SdKnWYqJlUAA==",
  ),
};
for (const [how, text] of Object.entries(DAMAGED)) {
  test(`that is damaged (${how}) is named and stays as it is`, async (path) => {
    await write(path, text);
    assertEquals(
      await faultOf(() => loadOrCreateIdentity(path)),
      `${path}: is damaged, or no X25519 key as openssl writes it; restore it from a copy, or move it away for a new key`,
    );
    assertEquals(await Deno.readTextFile(path), text);
  });
}

const OTHER_KINDS = [
  ["a key for Ed25519", ED25519],
  ["a key for X448", X448],
  ["a key for EC", P256],
  [
    `"PUBLIC KEY"`,
    pem(
      "MCowBQYDK2VuAyEAiRi2T9LkNvcPfYHMgwBtWQ+meKeUpFXP6QHc/5ufwkY=",
      "PUBLIC KEY",
    ),
  ],
  [`"OPENSSH PRIVATE KEY"`, pem("b3BlbnNzaC1rZXktdjEA", "OPENSSH PRIVATE KEY")],
  [`"ENCRYPTED PRIVATE KEY"`, pem("MIGb", "ENCRYPTED PRIVATE KEY")],
] as const;
for (const [found, text] of OTHER_KINDS) {
  test(`that holds ${found} says so and stays as it is`, async (path) => {
    await write(path, text);
    assertEquals(
      await faultOf(() => loadOrCreateIdentity(path)),
      `${path}: holds ${found}, not an X25519 private key; name another file, or move it away for a new key`,
    );
    assertEquals(await Deno.readTextFile(path), text);
  });
}

async function write(path: string, text: string): Promise<void> {
  await Deno.writeTextFile(path, text, { mode: 0o600 });
}

async function faultOf(fn: () => Promise<unknown>): Promise<string> {
  const error = await assertRejects(fn, ConfabError);
  assertEquals(error.code, "key-file");
  return error.message;
}
