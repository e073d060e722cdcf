import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../../src/base/errors.ts";
import { standingOf, withVerified } from "../../../src/memory/server_memory.ts";
import {
  MemoryFile,
  readMemory,
  withServer,
} from "../../../src/terminal/model/memory.ts";
import {
  changeSetting,
  readSettings,
} from "../../../src/terminal/model/settings.ts";
import { testsOf } from "../../_testing.ts";

const test = testsOf("settings");
const testFiles = testsOf("settings", { read: true, write: true });

const DEFAULTS = {
  bell: "private",
  notify: "off",
  timestamps: "on",
  comings: "fold",
  palette: "auto",
  colors: "on",
  numbers: "off",
  typing: "on",
} as const;

test("what is missing or wrong is as by default", () => {
  assertEquals(readSettings(undefined), DEFAULTS);
  assertEquals(readSettings({ bell: "loud", timestamps: "off", more: 1 }), {
    ...DEFAULTS,
    timestamps: "off",
  });
});

test("who did not want to hear of comings and goings does not", () => {
  assertEquals(readSettings({ quiet: "on" }).comings, "off");
  assertEquals(readSettings({ quiet: "off" }).comings, "fold");
  assertEquals(readSettings({ quiet: "on", comings: "on" }).comings, "on");
});

test("a setting is changed to one of its choices", () => {
  assertEquals(changeSetting(DEFAULTS, "bell", "all").bell, "all");
  assertThrows(
    () => changeSetting(DEFAULTS, "bell", "loud"),
    UsageError,
    'bell is private or off or all, not "loud"',
  );
  assertThrows(
    () => changeSetting(DEFAULTS, "bel", "all"),
    UsageError,
    "did you mean bell?",
  );
});

test("a damaged memory is made whole", () => {
  assertEquals(readMemory([1]), {
    settings: DEFAULTS,
    ignored: [],
    highlights: [],
    servers: {},
    sessions: {},
  });
  const memory = readMemory({
    last: "h:1",
    ignored: ["eve", 3],
    servers: { "h:1": { read: { lobby: 4, dev: "x" }, verified: [{}] } },
  });
  assertEquals(memory.last, "h:1");
  assertEquals(memory.ignored, ["eve"]);
  assertEquals(memory.servers, {
    "h:1": { read: { lobby: 4 }, verified: [] },
  });
});

test("the server that changed last is remembered longest, and not more than fifty", () => {
  let memory = readMemory({});
  for (let n = 0; n < 60; n++) {
    memory = withServer(memory, `h:${n}`, (server) => server);
    memory = withServer(memory, "h:0", (server) => server);
  }
  const addresses = Object.keys(memory.servers);
  assertEquals(addresses.length, 50);
  assertEquals(addresses.at(-1), "h:0");
  assertEquals(addresses[0], "h:11");
});

testFiles(
  "a memory is written for its owner only, and two clients do not undo each other",
  async () => {
    const directory = await Deno.makeTempDir();
    try {
      const path = `${directory}/client.json`;
      const [one, two] = [
        await MemoryFile.open(path),
        await MemoryFile.open(path),
      ];
      await one.change((memory) => ({ ...memory, last: "h:1" }));
      await two.change((memory) => ({ ...memory, ignored: ["eve"] }));
      const { memory } = await MemoryFile.open(path);
      assertEquals([memory.last, memory.ignored], ["h:1", ["eve"]]);
      if (Deno.build.os !== "windows") {
        assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
      }
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  },
);

testFiles(
  "two clients that change a memory at once lose nothing, and learn what the other has changed",
  async () => {
    const directory = await Deno.makeTempDir();
    try {
      const path = `${directory}/client.json`;
      const files = [await MemoryFile.open(path), await MemoryFile.open(path)];
      const names = Array.from({ length: 20 }, (_, n) => `eve${n}`);
      await Promise.all(
        names.map((name, n) =>
          files[n % 2]!.change((memory) => ({
            ...memory,
            ignored: [...memory.ignored.filter((one) => one !== name), name],
          }))
        ),
      );
      await files[0]!.change((memory) => ({ ...memory, last: "h:1" }));
      const { memory } = await MemoryFile.open(path);
      assertEquals(memory.ignored.toSorted(), names.toSorted());
      assertEquals(files[0]!.memory, memory);
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  },
);

test("a person who was verified is known by the key, and another key is a change", () => {
  const at = new Date("2026-01-15T12:00:00Z");
  const verified = withVerified([], { name: "bob", key: "SHA256:b" }, at);
  assertEquals(verified, [
    { name: "bob", key: "SHA256:b", at: "2026-01-15T12:00:00.000Z" },
  ]);
  const standing = (name: string, key?: string) =>
    standingOf({ name, ...(key === undefined ? {} : { key }) }, verified);
  assertEquals(standing("Bob", "SHA256:b"), "verified");
  assertEquals(standing("robert", "SHA256:b"), "verified");
  assertEquals(standing("bob", "SHA256:x"), "changed");
  assertEquals(standing("bob"), "changed");
  assertEquals(standing("eve", "SHA256:x"), "unknown");
  const again = withVerified(verified, { name: "bob", key: "SHA256:n" }, at);
  assertEquals(again.map(({ key }) => key), ["SHA256:n"]);
});
