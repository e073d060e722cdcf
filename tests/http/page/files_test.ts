import { assert, assertEquals } from "@std/assert";
import { brotliDecompressSync } from "node:zlib";
import { decodeBase64 } from "@std/encoding/base64";
import { buildPage, BUILT_BY } from "../../../build/page.ts";
import { PAGE_FILES } from "../../../src/http/page/files.ts";
import { unless } from "../../_testing.ts";

const MODULE = new URL("../../../src/http/page/files.ts", import.meta.url);
const { deno } = Deno.version;
const OTHER = deno === BUILT_BY
  ? undefined
  : `the page is built by Deno ${BUILT_BY}, this is ${deno}`;

Deno.test({
  ...unless(OTHER, "the page: its source builds to the module that is kept"),
  async fn() {
    const [made, kept] = [await buildPage(), await Deno.readTextFile(MODULE)];
    assert(made === kept, "run `deno task page`, or take back the change");
  },
});

Deno.test("the page: all of it has at most 100,000 bytes as it is sent", () => {
  const bytes = PAGE_FILES.map(({ brotli }) => decodeBase64(brotli).length);
  const total = bytes.reduce((sum, one) => sum + one, 0);
  assert(total <= 100_000, `${total} bytes`);
});

Deno.test("the page: it names nothing that is elsewhere", () => {
  const texts = PAGE_FILES.map(({ brotli }) =>
    new TextDecoder().decode(brotliDecompressSync(decodeBase64(brotli)))
  );
  const styles = texts.flatMap((text) => text.match(/url\([^)]*\)/g) ?? []);
  assertEquals(styles, []);
  const html = texts.at(-1)!;
  const led = html.matchAll(/(?:src|href)="([^"]*)"/g);
  const paths = new Set(PAGE_FILES.map(({ path }) => path));
  assertEquals([...led].filter(([, to]) => !paths.has(to!)), []);
});
