import { assert, assertEquals } from "@std/assert";
import { readOf, withRead } from "../../../src/memory/server_memory.ts";
import {
  MemoryFile,
  readMemory,
  serverMemory,
  withServer,
} from "../../../src/terminal/model/memory.ts";

Deno.test("memory: is read again however many rooms with long names servers have had", async () => {
  const home = await Deno.makeTempDir();
  try {
    const path = `${home}/client.json`;
    const file = await MemoryFile.open(path);
    for (let server = 0; server < 4; server++) {
      const marks = Object.fromEntries(
        Array.from({ length: 150 }, (_, n) => [`${n}`.padEnd(256, "漢"), n]),
      );
      await file.change((memory) =>
        withServer(memory, `s${server}:1`, (one) => withRead(one, marks))
      );
    }
    const { memory } = await MemoryFile.open(path);
    assert((await Deno.stat(path)).size > 65_536);
    assertEquals(Object.keys(serverMemory(memory, "s3:1").read).length, 100);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});

Deno.test("memory: has no mark of a room that is called like what every object has", () => {
  const none = serverMemory(readMemory({}), "s:1");
  for (const name of ["__proto__", "constructor", "toString"]) {
    assertEquals(readOf(none, name), undefined);
    const marked = withRead(none, Object.fromEntries([[name, 7]]));
    assertEquals(readOf(marked, name), 7);
  }
  const long = withRead(none, { ["x".repeat(257)]: 1, x: 2 });
  assertEquals(long.read, { x: 2 });
});
