import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ConfabError } from "../../src/base/errors.ts";
import {
  loadIdentity,
  loadOrCreateIdentity,
} from "../../src/trust/identity_file.ts";
import {
  dropNextKey,
  makeNextKey,
  readNextKey,
  serverKeyPath,
  takeNextKey,
  timeText,
} from "../../src/trust/next_key.ts";

const FROM = new Date("2027-01-02T03:04:05.678Z");

function test(name: string, fn: (data: string) => Promise<void>): void {
  Deno.test(`next key: ${name}`, async () => {
    const data = await Deno.makeTempDir();
    try {
      await loadOrCreateIdentity(serverKeyPath(data));
      await fn(data);
    } finally {
      await Deno.remove(data, { recursive: true });
    }
  });
}

test("is kept with the time from which on it is shown", async (data) => {
  assertEquals(await readNextKey(data), undefined);
  const made = await makeNextKey(data, FROM);
  const path = `${serverKeyPath(data)}.next`;
  assertMatch(
    await Deno.readTextFile(path),
    /^shown from 2027-01-02T03:04:05Z on\n-----BEGIN PRIVATE KEY-----\n/,
  );
  assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  const read = await readNextKey(data);
  assertEquals(read?.fingerprint, made.fingerprint);
  assertEquals(timeText(read!), "2027-01-02 03:04 UTC");
});

test("is made once, until it is dropped", async (data) => {
  const { fingerprint } = await makeNextKey(data, FROM);
  const { message } = await assertRejects(
    () => makeNextKey(data, FROM),
    ConfabError,
  );
  assertEquals(
    message,
    `the server is changing its key already, to ${fingerprint} at 2027-01-02 03:04 UTC; confab rotate-key --cancel ends that`,
  );
  await dropNextKey(data);
  await dropNextKey(data);
  assertEquals(await readNextKey(data), undefined);
  assert((await makeNextKey(data, FROM)).fingerprint !== fingerprint);
});

test("takes the place of the old one, which is overwritten", async (data) => {
  const path = serverKeyPath(data);
  const old = await Deno.readTextFile(path);
  using open = await Deno.open(path, { read: true });
  const next = await makeNextKey(data, FROM);
  await takeNextKey(data, next);
  const { publicKey } = await loadIdentity(path);
  assertEquals(publicKey, next.pair.publicKey);
  const left = new Uint8Array(1_000);
  const count = await open.read(left);
  assertEquals(left.subarray(0, count!), new Uint8Array(old.length));
  const names = Array.from(Deno.readDirSync(data), ({ name }) => name);
  assertEquals(names, ["server.key"]);
  // As after a crash between the two files.
  await Deno.writeTextFile(
    `${path}.next`,
    `shown from 2027-01-02T03:04:05Z on\n${next.pem}`,
    { mode: 0o600 },
  );
  await takeNextKey(data, (await readNextKey(data))!);
  assertEquals((await loadIdentity(path)).publicKey, publicKey);
  assertEquals(await readNextKey(data), undefined);
});

test("that is damaged or open to others is named", async (data) => {
  const path = `${serverKeyPath(data)}.next`;
  await makeNextKey(data, FROM);
  const text = await Deno.readTextFile(path);
  const fault = async () =>
    (await assertRejects(() => readNextKey(data), ConfabError)).message;
  const broken = [
    "",
    text.slice(1),
    text.slice(0, -40),
    text.replace("27-01", "27-13"),
  ];
  for (const one of broken) {
    await Deno.writeTextFile(path, one);
    assertEquals(
      await fault(),
      `${path}: is damaged; confab rotate-key --cancel removes it`,
    );
  }
  await Deno.chmod(path, 0o644);
  assertMatch(await fault(), /is open to others/);
});
