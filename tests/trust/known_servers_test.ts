import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ConfabError } from "../../src/base/errors.ts";
import { KnownServers } from "../../src/trust/known_servers.ts";

const FULL = "SHA256:GjIf5rj9HhFvAKtEYDHntmMFCf4kZUtPfJRq+kauYXQ";
const OTHER = "SHA256:fPHsrkX6vgb7TAEi0r4/YfcNVfF4jQMGD/E2j4Wq9ZA";
const NOON = new Date("2026-11-20T12:00:00.789Z");
const LATER = new Date("2027-01-02T03:04:05.000Z");
const FILE = `# servers of the lab

a.example:5000 ${FULL} 2026-11-20T12:00:00Z
# the one in the basement
[2001:db8::1]:5001 ${OTHER} 2025-02-28T23:59:59Z
`;

function test(name: string, fn: (path: string) => Promise<void>): void {
  Deno.test(`known servers: ${name}`, async () => {
    const dir = await Deno.makeTempDir();
    try {
      await fn(`${dir}/known_servers`);
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  });
}

test.skip = (name: string, _fn: (path: string) => Promise<void>): void =>
  Deno.test.ignore(`known servers: ${name}`, () => {});

test("are none where there is no file", async (path) => {
  const known = await KnownServers.open(path);
  assertEquals(known.lookup("a.example:5000"), undefined);
  assertEquals(await known.forget("a.example:5000"), false);
  assertEquals(exists(path), false);
});

test("are found by their address", async (path) => {
  await Deno.writeTextFile(path, FILE);
  const known = await KnownServers.open(path);
  assertEquals(known.lookup("a.example:5000"), {
    address: "a.example:5000",
    fingerprint: FULL,
    firstSeen: new Date("2026-11-20T12:00:00Z"),
  });
  assertEquals(known.lookup("[2001:db8::1]:5001")?.fingerprint, OTHER);
  assertEquals(known.lookup("a.example:5001"), undefined);
});

test("are read as people may have typed them", async (path) => {
  await Deno.writeTextFile(
    path,
    `\ufeff  A.Example:5000\t${FULL}=  2026-11-20T12:00:00Z \r\n\r\n  # x\r\n[2001:DB8:0::1]:1 ${OTHER} 2026-11-20T12:00:00Z`,
  );
  const known = await KnownServers.open(path);
  assertEquals(known.lookup("a.example:5000")?.fingerprint, FULL);
  assertEquals(known.lookup("[2001:db8::1]:1")?.fingerprint, OTHER);
});

test("are one line each, for the owner only", async (path) => {
  const known = await KnownServers.open(path);
  await known.pin("a.example:5000", FULL, NOON);
  await known.pin("[2001:db8::1]:5001", OTHER, LATER);
  assertEquals(
    await Deno.readTextFile(path),
    `a.example:5000 ${FULL} 2026-11-20T12:00:00Z\n[2001:db8::1]:5001 ${OTHER} 2027-01-02T03:04:05Z\n`,
  );
  if (Deno.build.os !== "windows") {
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  }
});

test("know a new pin at once, as they would after reading it", async (path) => {
  const known = await KnownServers.open(path);
  await known.pin("a.example:5000", FULL, NOON);
  const again = await KnownServers.open(path);
  const expected = {
    address: "a.example:5000",
    fingerprint: FULL,
    firstSeen: new Date("2026-11-20T12:00:00Z"),
  };
  assertEquals(known.lookup("a.example:5000"), expected);
  assertEquals(again.lookup("a.example:5000"), expected);
});

test("replace a pin in its line and keep all other lines", async (path) => {
  await Deno.writeTextFile(path, FILE);
  const known = await KnownServers.open(path);
  await known.pin("a.example:5000", OTHER, LATER);
  assertEquals(
    await Deno.readTextFile(path),
    FILE.replace(
      `a.example:5000 ${FULL} 2026-11-20T12:00:00Z`,
      `a.example:5000 ${OTHER} 2027-01-02T03:04:05Z`,
    ),
  );
});

test("keep a key that another client stored meanwhile from being replaced by another one", async (path) => {
  const known = await KnownServers.open(path);
  const later = await KnownServers.open(path);
  await known.pin("a.example:5000", FULL, NOON);
  const error = await assertRejects(
    () => later.pin("a.example:5000", OTHER, LATER),
    ConfabError,
  );
  assertEquals(error.code, "server-key-changed");
  assertStringIncludes(error.message, FULL);
  const kept = await KnownServers.open(path);
  assertEquals(kept.lookup("a.example:5000")?.fingerprint, FULL);
  await later.pin("a.example:5000", FULL, LATER);
  assertEquals(later.lookup("a.example:5000"), known.lookup("a.example:5000"));
});

test("keep the day a key was first seen when it is pinned again", async (path) => {
  await Deno.writeTextFile(path, FILE);
  const known = await KnownServers.open(path);
  await known.pin("a.example:5000", FULL, LATER);
  assertEquals(await Deno.readTextFile(path), FILE);
});

test("note with a pin which key is announced, and forget that with it", async (path) => {
  await Deno.writeTextFile(path, FILE);
  const known = await KnownServers.open(path);
  const announce = (next?: string, of = FULL) =>
    known.announce("a.example:5000", of, next);
  assertEquals(await announce(OTHER), true);
  const line = `a.example:5000 ${FULL} 2026-11-20T12:00:00Z`;
  const noted = FILE.replace(line, `${line} next=${OTHER}`);
  assertEquals(await Deno.readTextFile(path), noted);
  const again = await KnownServers.open(path);
  assertEquals(again.lookup("a.example:5000")?.next, OTHER);
  assertEquals(await announce(OTHER), false);
  // Only of the key that is pinned, and of no server that is not.
  assertEquals(await announce(FULL, OTHER), false);
  assertEquals(await announce(FULL), false);
  assertEquals(await known.announce("b.example:1", FULL, OTHER), false);
  assertEquals(await Deno.readTextFile(path), noted);
  await again.refresh();
  assertEquals(await announce(undefined), true);
  assertEquals(await Deno.readTextFile(path), FILE);
  await announce(OTHER);
  await known.pin("a.example:5000", OTHER, LATER);
  assertEquals(known.lookup("a.example:5000")?.next, undefined);
  await again.refresh();
  assertEquals(again.lookup("a.example:5000")?.fingerprint, OTHER);
});

test("forget a server and keep all other lines", async (path) => {
  await Deno.writeTextFile(path, FILE);
  const known = await KnownServers.open(path);
  assertEquals(await known.forget("a.example:5000"), true);
  assertEquals(known.lookup("a.example:5000"), undefined);
  assertEquals(await known.forget("a.example:5000"), false);
  assertEquals(
    await Deno.readTextFile(path),
    FILE.replace(/^a\.example.*\n/m, ""),
  );
});

test("opened by many clients at once keep the pins of all", async (path) => {
  const clients = await Promise.all(
    Array.from({ length: 8 }, () => KnownServers.open(path)),
  );
  await Promise.all(
    clients.map((known, i) => known.pin(`h${i}:5000`, FULL, NOON)),
  );
  const all = await KnownServers.open(path);
  for (let i = 0; i < clients.length; i++) {
    assertEquals(all.lookup(`h${i}:5000`)?.fingerprint, FULL);
  }
});

const DAMAGED = [
  "a.example:5000",
  `a.example ${FULL} 2026-11-20T12:00:00Z`,
  `a.example:70000 ${FULL} 2026-11-20T12:00:00Z`,
  `a.example:5000 ${FULL.slice(0, -1)} 2026-11-20T12:00:00Z`,
  "a.example:5000 boss-movie-whale-impose-spin-anger-rose-betray 2026-11-20T12:00:00Z",
  `a.example:5000 ${FULL} 2026-11-20`,
  `a.example:5000 ${FULL} 2026-02-30T12:00:00Z`,
  `a.example:5000 ${FULL} 2026-11-20T12:00:00Z more`,
  `a.example:5000 ${FULL} 2026-11-20T12:00:00Z next=`,
  `a.example:5000 ${FULL} 2026-11-20T12:00:00Z next=${FULL.slice(1)}`,
];
for (const line of DAMAGED) {
  test(`stay as they are with the damaged line "${line}", which is named`, async (path) => {
    const known = await KnownServers.open(path);
    const text = `# servers\n${line}\n`;
    await Deno.writeTextFile(path, text);
    const expected =
      `${path}:2: is not HOST:PORT SHA256:… TIME; correct the line or remove it`;
    assertEquals(await faultOf(() => KnownServers.open(path)), expected);
    assertEquals(
      await faultOf(() => known.pin("b.example:5000", FULL, NOON)),
      expected,
    );
    assertEquals(await faultOf(() => known.forget("a.example:5000")), expected);
    assertEquals(await Deno.readTextFile(path), text);
    assertEquals(known.lookup("b.example:5000"), undefined);
  });
}

test("name a server that is there twice", async (path) => {
  await Deno.writeTextFile(
    path,
    `${FILE}A.example:5000 ${OTHER} 2026-11-20T12:00:00Z\n`,
  );
  assertEquals(
    await faultOf(() => KnownServers.open(path)),
    `${path}:6: a.example:5000 is there twice`,
  );
});

test("that cannot be read or written are named", async (path) => {
  await Deno.mkdir(path);
  assertStringIncludes(
    await faultOf(() => KnownServers.open(path)),
    `${path}: cannot be read: `,
  );
  await Deno.writeTextFile(`${path}/file`, "");
  const known = await KnownServers.open(`${path}/none`);
  await Deno.remove(path, { recursive: true });
  await Deno.writeTextFile(path, "");
  assertStringIncludes(
    await faultOf(() => known.pin("a.example:5000", FULL, NOON)),
    `${path}/none: cannot be written: `,
  );
});

test("that are not UTF-8 stay as they are", async (path) => {
  const bytes = Uint8Array.of(0x23, 0x20, 0xe4, 0x0a);
  await Deno.writeFile(path, bytes);
  await faultOf(() => KnownServers.open(path));
  assertEquals(await Deno.readFile(path), bytes);
});

const MODES = Deno.build.os === "windows" ? test.skip : test;

MODES("that others can write are refused, with what to do", async (path) => {
  await Deno.writeTextFile(path, FILE);
  for (const mode of [0o620, 0o602, 0o666, 0o777]) {
    await Deno.chmod(path, mode);
    assertEquals(
      await faultOf(() => KnownServers.open(path)),
      `${path}: others can write it; look at what it holds, and run: chmod go-w ${path}`,
    );
  }
  await Deno.chmod(path, 0o644);
  const known = await KnownServers.open(path);
  assertEquals(known.lookup("a.example:5000")?.fingerprint, FULL);
  await Deno.chmod(path, 0o664);
  await faultOf(() => known.pin("b.example:5000", FULL, NOON));
  assertEquals(await Deno.readTextFile(path), FILE);
});

MODES(
  "in a directory that others can write are refused, also where there are none yet",
  async (path) => {
    const directory = path.replace(/\/[^/]*$/, "");
    await Deno.chmod(directory, 0o770);
    const expected =
      `${path}: others can write its directory; run: chmod go-w ${directory}`;
    assertEquals(await faultOf(() => KnownServers.open(path)), expected);
    await Deno.writeTextFile(path, FILE);
    assertEquals(await faultOf(() => KnownServers.open(path)), expected);
    // Sticky, like /tmp: others cannot put theirs in its place.
    await Deno.chmod(directory, 0o1777);
    await KnownServers.open(path);
  },
);

MODES(
  "behind a link are judged where the link stands and where it leads",
  async (path) => {
    const [here, there] = [path.replace(/\/[^/]*$/, "/here"), `${path}.d`];
    for (const directory of [here, there]) await Deno.mkdir(directory);
    await Deno.writeTextFile(`${there}/servers`, FILE);
    await Deno.symlink(`${there}/servers`, `${here}/known_servers`);
    const open = () => KnownServers.open(`${here}/known_servers`);
    assertEquals((await open()).lookup("a.example:5000")?.fingerprint, FULL);
    for (const directory of [here, there]) {
      await Deno.chmod(directory, 0o777);
      assertStringIncludes(await faultOf(open), `chmod go-w ${directory}`);
      await Deno.chmod(directory, 0o700);
    }
    await Deno.chmod(`${there}/servers`, 0o606);
    assertStringIncludes(await faultOf(open), "others can write it");
  },
);

const AS_ROOT = Deno.build.os !== "windows" && Deno.uid() === 0
  ? test
  : test.skip;

AS_ROOT("of another account are refused", async (path) => {
  await Deno.writeTextFile(path, FILE);
  await Deno.chown(path, 12_345, null);
  assertEquals(
    await faultOf(() => KnownServers.open(path)),
    `${path}: belongs to another account (12345); run: chown 0 ${path}`,
  );
  await Deno.chown(path, 0, null);
  const directory = path.replace(/\/[^/]*$/, "");
  await Deno.chown(directory, 12_345, null);
  assertEquals(
    await faultOf(() => KnownServers.open(path)),
    `${path}: its directory belongs to another account (12345); run: chown 0 ${directory}`,
  );
});

async function faultOf(fn: () => Promise<unknown>): Promise<string> {
  const error = await assertRejects(fn, ConfabError);
  assertEquals(error.code, "known-servers");
  return error.message;
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
