import {
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { ConfabError } from "../../src/base/errors.ts";
import {
  createPrivateFile,
  readPrivateFile,
  writePrivateFile,
} from "../../src/trust/private_file.ts";
import { unless } from "../_testing.ts";

const WINDOWS = Deno.build.os === "windows";
const ON_WINDOWS = WINDOWS
  ? "modes, links and open files are otherwise on Windows"
  : undefined;
const ALL_OPEN = !WINDOWS && Deno.uid() === 0
  ? "for root nothing is closed"
  : ON_WINDOWS;

function test(
  name: string,
  fn: (dir: string) => Promise<void>,
  skipped?: string,
): void {
  Deno.test({
    ...unless(skipped, `private file: ${name}`),
    fn: async () => {
      const dir = await Deno.makeTempDir();
      try {
        await fn(dir);
      } finally {
        await Deno.remove(dir, { recursive: true });
      }
    },
  });
}

test("is written whole and leaves no temporary file", async (dir) => {
  await writePrivateFile(`${dir}/f`, "first, and longer\n");
  await writePrivateFile(`${dir}/f`, "zweite\n");
  assertEquals(await Deno.readTextFile(`${dir}/f`), "zweite\n");
  assertEquals(namesIn(dir), ["f"]);
});

test(
  "is for its owner only, and so is a directory made for it",
  async (dir) => {
    await writePrivateFile(`${dir}/a/b/f`, "secret");
    assertEquals(modeOf(`${dir}/a`), 0o700);
    assertEquals(modeOf(`${dir}/a/b`), 0o700);
    assertEquals(modeOf(`${dir}/a/b/f`), 0o600);
  },
  ON_WINDOWS,
);

test("takes back a mode that was too wide", async (dir) => {
  await Deno.writeTextFile(`${dir}/f`, "", { mode: 0o644 });
  await writePrivateFile(`${dir}/f`, "secret");
  assertEquals(modeOf(`${dir}/f`), 0o600);
}, ON_WINDOWS);

test(
  "is a new file each time: one who has the old one open keeps the old text",
  async (dir) => {
    await writePrivateFile(`${dir}/f`, "old");
    using reader = await Deno.open(`${dir}/f`);
    await writePrivateFile(`${dir}/f`, "new");
    const buffer = new Uint8Array(10);
    const count = await reader.read(buffer);
    assertEquals(new TextDecoder().decode(buffer.subarray(0, count!)), "old");
  },
  ON_WINDOWS,
);

test("stays behind a link that leads to it", async (dir) => {
  await Deno.writeTextFile(`${dir}/real`, "old");
  await Deno.symlink(`${dir}/real`, `${dir}/link`);
  await writePrivateFile(`${dir}/link`, "new");
  assertEquals(await Deno.readTextFile(`${dir}/real`), "new");
  assertEquals((await Deno.lstat(`${dir}/link`)).isSymlink, true);
}, ON_WINDOWS);

test("leaves nothing behind when the name cannot be taken", async (dir) => {
  await Deno.mkdir(`${dir}/f/inside`, { recursive: true });
  await assertRejects(() => writePrivateFile(`${dir}/f`, "text"));
  assertEquals(namesIn(dir), ["f"]);
});

test("is created once, by one of many at the same time", async (dir) => {
  const texts = Array.from({ length: 8 }, (_, i) => `text of ${i}`);
  const created = await Promise.all(
    texts.map((text) => createPrivateFile(`${dir}/d/f`, text)),
  );
  assertEquals(created.filter((one) => one).length, 1);
  assertEquals(
    await Deno.readTextFile(`${dir}/d/f`),
    texts[created.indexOf(true)]!,
  );
  assertEquals(namesIn(`${dir}/d`), ["f"]);
  if (!WINDOWS) assertEquals(modeOf(`${dir}/d/f`), 0o600);
});

test("is not replaced by creating it again", async (dir) => {
  assertEquals(await createPrivateFile(`${dir}/f`, "first"), true);
  assertEquals(await createPrivateFile(`${dir}/f`, "second"), false);
  assertEquals(await Deno.readTextFile(`${dir}/f`), "first");
});

test("is created without replacing where the file system has no links", async (dir) => {
  const link = () =>
    Promise.reject(new Deno.errors.PermissionDenied("link not permitted"));
  assertEquals(await createPrivateFile(`${dir}/f`, "first", link), true);
  assertEquals(await createPrivateFile(`${dir}/f`, "second", link), false);
  assertEquals(await Deno.readTextFile(`${dir}/f`), "first");
  assertEquals(namesIn(dir), ["f"]);
  if (!WINDOWS) assertEquals(modeOf(`${dir}/f`), 0o600);
});

test("is read back as it was written", async (dir) => {
  await writePrivateFile(`${dir}/f`, "grüße\n");
  assertEquals(await readPrivateFile(`${dir}/f`), "grüße\n");
});

for (const mode of [0o640, 0o620, 0o604, 0o602, 0o666]) {
  test(
    `is refused with mode 0${mode.toString(8)}, saying how to close it`,
    async (dir) => {
      await Deno.writeTextFile(`${dir}/f`, "secret");
      await Deno.chmod(`${dir}/f`, mode);
      assertEquals(
        (await faultOf(`${dir}/f`)).message,
        `${dir}/f: is open to others; run: chmod 600 ${dir}/f`,
      );
    },
    ON_WINDOWS,
  );
}

test("may be closed to its owner's writing too", async (dir) => {
  await Deno.writeTextFile(`${dir}/f`, "secret");
  await Deno.chmod(`${dir}/f`, 0o400);
  assertEquals(await readPrivateFile(`${dir}/f`), "secret");
}, ON_WINDOWS);

test("that is missing is named, and known by the cause", async (dir) => {
  const error = await faultOf(`${dir}/none`);
  assertEquals(error.message, `${dir}/none: there is no such file`);
  assertInstanceOf(error.cause, Deno.errors.NotFound);
});

test(
  "that is a directory, or no text, or far too long is named",
  async (dir) => {
    await Deno.mkdir(`${dir}/d`);
    await Deno.writeFile(`${dir}/bytes`, Uint8Array.of(0xff), { mode: 0o600 });
    await Deno.writeFile(`${dir}/long`, new Uint8Array(65_537), {
      mode: 0o600,
    });
    assertEquals(
      (await faultOf(`${dir}/d`)).message,
      `${dir}/d: is a directory, a file is expected`,
    );
    assertEquals(
      (await faultOf(`${dir}/bytes`)).message,
      `${dir}/bytes: is not text`,
    );
    assertStringIncludes(
      (await faultOf(`${dir}/long`)).message,
      `${dir}/long: is longer than 65536 bytes`,
    );
  },
  ON_WINDOWS,
);

test("that this account may not read is named", async (dir) => {
  await Deno.writeTextFile(`${dir}/f`, "secret");
  await Deno.chmod(`${dir}/f`, 0);
  assertEquals(
    (await faultOf(`${dir}/f`)).message,
    `${dir}/f: this account may not read it; check its owner and mode`,
  );
}, ALL_OPEN);

async function faultOf(path: string): Promise<ConfabError> {
  const error = await assertRejects(() => readPrivateFile(path), ConfabError);
  assertEquals(error.code, "key-file");
  return error;
}

function namesIn(dir: string): string[] {
  return Array.from(Deno.readDirSync(dir), (entry) => entry.name).sort();
}

function modeOf(path: string): number {
  return Deno.statSync(path).mode! & 0o777;
}
