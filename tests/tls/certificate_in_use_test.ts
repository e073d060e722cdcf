import { assert, assertEquals, assertRejects } from "@std/assert";
import { ConfabError } from "../../src/base/errors.ts";
import { type LogFields, NO_LOG } from "../../src/base/log.ts";
import { CertificateInUse } from "../../src/tls/certificate_in_use.ts";
import type { CertificateSource } from "../../src/tls/certificate_source.ts";
import { givenCertificate } from "../../src/tls/given_certificate.ts";
import { ownCertificate } from "../../src/tls/own_certificate.ts";
import { DAY_MS } from "../../src/base/time.ts";
import { FakeClock, NOON_MS } from "../_fake_clock.ts";
import { NO_WEB, testsOf } from "../_testing.ts";
import { type Made, made, newKey, read } from "./_certificate.ts";

const test = testsOf("certificate in use", {
  read: true,
  write: true,
  sys: ["uid"],
}, NO_WEB);
const KEPT = "certificate not changed: the one before is still shown";

/** A certificate in use, its clock, and what the log had of it. */
async function used(
  sourceIn: (directory: string) => Promise<CertificateSource>,
  fn: (it: {
    directory: string;
    inUse: CertificateInUse;
    clock: FakeClock;
    /** Time goes by, and what is looked at then is seen. */
    seconds: (count: number) => Promise<void>;
    logged: (string | undefined)[][];
  }) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "confab-tls-" });
  const clock = new FakeClock();
  // Certificates are made for the days of this clock and of the real one.
  clock.wall = () => Date.now() + clock.monotonic();
  const logged: (string | undefined)[][] = [];
  const write = (event: string, fields: LogFields = {}) =>
    void logged.push([event, fields.reason as string | undefined]);
  const log = { ...NO_LOG, info: write, warn: write };
  try {
    const source = await sourceIn(directory);
    await using inUse = await CertificateInUse.open({ source, clock, log });
    inUse.watch();
    const seconds = async (count: number) => {
      for (; count > 0; count--) {
        clock.advance(1_000);
        await inUse.looked;
      }
    };
    await fn({ directory, inUse, clock, seconds, logged });
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** The files of a given certificate, as they are found at first. */
function given(first: Made, mode = 0o600) {
  return async (directory: string) => {
    await write(directory, first, mode);
    return givenCertificate(pathsIn(directory));
  };
}

function pathsIn(directory: string): { chain: string; key: string } {
  return { chain: `${directory}/chain.pem`, key: `${directory}/key.pem` };
}

async function write(
  directory: string,
  { chain, key }: Partial<Made>,
  mode = 0o600,
): Promise<void> {
  const paths = pathsIn(directory);
  if (chain !== undefined) await Deno.writeTextFile(paths.chain, chain);
  if (key !== undefined) await Deno.writeTextFile(paths.key, key, { mode });
}

test("is another one when both files are, and have come to rest", async () => {
  const [first, second] = [await made(), await made({ hosts: ["b.example"] })];
  await used(given(first), async ({ directory, inUse, seconds, logged }) => {
    assertEquals(inUse.current.fingerprint, read(first).fingerprint);
    await write(directory, { chain: second.chain });
    await seconds(1);
    await write(directory, { key: second.key });
    await seconds(1);
    assertEquals(inUse.current.names, ["localhost", "127.0.0.1"]);
    await seconds(1);
    assertEquals(inUse.current.fingerprint, read(second).fingerprint);
    await seconds(3);
    assertEquals(logged, [["certificate changed", undefined]]);
  });
});

test("stays when what comes is bad, which is said once", async () => {
  const [first, second] = [await made(), await made()];
  await used(given(first), async ({ directory, inUse, seconds, logged }) => {
    await write(directory, { key: second.key });
    await seconds(5);
    assertEquals(inUse.current.fingerprint, read(first).fingerprint);
    assertEquals(logged.length, 1);
    assertEquals(logged[0]?.[0], KEPT);
    assert(logged[0]?.[1]?.includes("is not the key of"));
    await Deno.remove(pathsIn(directory).key);
    await seconds(5);
    assert(logged[1]?.[1]?.includes("there is no such file"));
    await write(directory, second);
    await seconds(2);
    assertEquals(inUse.current.fingerprint, read(second).fingerprint);
    assertEquals(logged.length, 3);
  });
});

test("is read at once when somebody says so", async () => {
  const [first, second] = [await made(), await made()];
  await used(given(first), async ({ directory, inUse, logged }) => {
    await write(directory, second);
    inUse.reload();
    await inUse.looked;
    assertEquals(inUse.current.fingerprint, read(second).fingerprint);
    // Who asks again is told again.
    await write(directory, { key: newKey() });
    for (const _ of [1, 2]) inUse.reload();
    await inUse.looked;
    assertEquals(logged.map(([event]) => event), [
      "certificate changed",
      KEPT,
      KEPT,
    ]);
  });
});

test("of which others can read the key, or whose time is over, works with a warning", async () => {
  const first = await made({ days: 2 });
  await used(given(first, 0o644), async ({ clock, seconds, logged }) => {
    const fault = "certificate with a fault";
    assertEquals(logged.length, 1);
    assertEquals(logged[0]?.[0], fault);
    assert(logged[0]?.[1]?.includes("key.pem: is open to others; run: chmod"));
    clock.stall(DAY_MS);
    await seconds(4);
    assertEquals(logged.length, 2);
    assert(logged[1]?.[1]?.includes("chain.pem: has expired at"));
  });
});

test("is none at the start without its files", async () => {
  const paths = pathsIn("/nowhere");
  const options = { clock: new FakeClock(), log: NO_LOG };
  await assertRejects(
    () =>
      CertificateInUse.open({ ...options, source: givenCertificate(paths) }),
    ConfabError,
    "/nowhere/chain.pem: there is no such file",
  );
});

/** A source of the server's own certificate. */
function own(...names: string[]) {
  return (data: string) => Promise.resolve(ownCertificate({ data, names }));
}

test("of its own is made once, for its names, and for its owner only", async () => {
  await used(own("localhost", "::1", "Vm-1"), async (it) => {
    const { directory, inUse, logged } = it;
    assertEquals(inUse.current.names, ["localhost", "::1", "vm-1"]);
    const { notBefore, notAfter } = inUse.current;
    assertEquals(notAfter - notBefore, 397 * DAY_MS);
    for (const name of ["tls.pem", "tls.key"]) {
      const { mode } = await Deno.stat(`${directory}/${name}`);
      assertEquals(mode! & 0o777, 0o600);
    }
    const again = async (...names: string[]) =>
      (await ownCertificate({ data: directory, names }).load(Date.now()))
        .certificate;
    const { fingerprint } = inUse.current;
    assertEquals((await again("localhost")).fingerprint, fingerprint);
    const key = await Deno.readTextFile(`${directory}/tls.key`);
    const other = await again("localhost", "chat.example", "no name at all");
    assertEquals(other.names, ["localhost", "chat.example"]);
    assertEquals(await Deno.readTextFile(`${directory}/tls.key`), key);
    assertEquals(logged, []);
  });
});

test("of its own is made anew in time, with the same key", async () => {
  await used(own("localhost"), async (it) => {
    const { directory, inUse, clock, seconds, logged } = it;
    const { fingerprint, notAfter } = inUse.current;
    const key = await Deno.readTextFile(`${directory}/tls.key`);
    clock.stall(366 * DAY_MS);
    await seconds(3);
    assertEquals(inUse.current.fingerprint, fingerprint);
    clock.stall(DAY_MS);
    await seconds(3);
    assert(inUse.current.notAfter > notAfter);
    assertEquals(await Deno.readTextFile(`${directory}/tls.key`), key);
    await seconds(3);
    assertEquals(logged, [["certificate changed", undefined]]);
  });
});

test("of its own takes the place of a damaged one; a damaged key has none taken", async () => {
  const data = await Deno.makeTempDir({ prefix: "confab-tls-" });
  try {
    const load = () =>
      ownCertificate({ data, names: ["localhost"] }).load(NOON_MS);
    await load();
    const key = await Deno.readTextFile(`${data}/tls.key`);
    await Deno.writeTextFile(`${data}/tls.pem`, "nonsense");
    assertEquals((await load()).certificate.names, ["localhost"]);
    assertEquals(await Deno.readTextFile(`${data}/tls.key`), key);
    await Deno.writeTextFile(`${data}/tls.key`, "nonsense");
    await assertRejects(load, ConfabError, "tls.key: holds no private key");
    assertEquals(await Deno.readTextFile(`${data}/tls.key`), "nonsense");
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});
