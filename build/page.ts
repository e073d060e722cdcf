/** Builds the page (`src/web`) and writes the module that is kept, which the server serves from. */
import { brotliCompressSync, constants } from "node:zlib";
import { encodeBase64 } from "@std/encoding/base64";
import type { PageFile } from "../src/http/page/page_file.ts";
import { withPackedCipher } from "./packed_cipher.ts";
import { withPackedEmoji } from "./packed_emoji.ts";
import { withPackedWords } from "./packed_words.ts";
import { smallest } from "./smallest.ts";

const ROOT = new URL("../", import.meta.url);
const WEB = new URL("src/web/", ROOT);
const MODULE = new URL("src/http/page/files.ts", ROOT);
const STYLES = new URL("style/", WEB);
/** Deno brings the compiler along: another one may write the same in other words. */
export const BUILT_BY = "2.9.6";
/** The page's icon, and the one that it has while somebody calls. */
const ICONS = ["icon.svg", "icon_called.svg"];
/** Digits of the hash in the name of a file: another content has another name. */
const HASH_DIGITS = 12;
/** The compression looks at so much of a text at a time: more would cost bytes here. */
const BLOCK_BITS = 16;

/** The text of `src/http/page/files.ts`: always the same for the same source and Deno. */
export async function buildPage(): Promise<string> {
  return moduleOf(await pageFiles());
}

/** The files of the page, `index.html` at last: it names the others. */
async function pageFiles(): Promise<PageFile[]> {
  const script = await fileOf("/app.js", "text/javascript", await bundle());
  const style = await fileOf("/app.css", "text/css", await styles());
  const icons = await Promise.all(
    ICONS.map(async (name) =>
      await fileOf(`/${name}`, "image/svg+xml", await read(name))
    ),
  );
  const named = [script, style, ...icons];
  const html = named.reduce(withName, await read("index.html"));
  const small = html.replace(/>\s+</g, "><").trim();
  const index = await fileOf("/", "text/html", small);
  return [...named, { ...index, path: "/" }];
}

/** The page with the name of a file that has its hash: `/app.HASH.js` where `/app.js` stands. */
function withName(html: string, { path }: PageFile): string {
  const plain = `"${path.replace(/\.[^.]*/, "")}"`;
  if (!html.includes(plain)) throw new Error(`index.html: no ${plain}`);
  return html.replace(plain, `"${path}"`);
}

/** The script, by esbuild in Deno. */
async function bundle(): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: ".js" });
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["bundle", "--quiet", "--platform", "browser", "--minify"],
        ...["--frozen", "--lock=tests/deno.lock", "--output", file],
        new URL("main.tsx", WEB).pathname,
      ],
      cwd: ROOT.pathname,
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    const script = await Deno.readTextFile(file);
    const packed = [withPackedEmoji, withPackedWords, withPackedCipher];
    return await smallest(packed.reduce((text, pack) => pack(text), script));
  } finally {
    await Deno.remove(file);
  }
}

/** All styles in the order of their names, the base first, without comments and needless blanks. */
async function styles(): Promise<string> {
  const names = Array.from(Deno.readDirSync(STYLES), ({ name }) => name)
    .filter((name) => name.endsWith(".css"))
    .sort((one, two) => rank(one) - rank(two) || (one < two ? -1 : 1));
  const texts = await Promise.all(names.map((name) => read(`style/${name}`)));
  return texts.join("\n").replace(/\/\*[^]*?\*\//g, "")
    .replace(/\s+/g, " ").replace(/ ?([{};,]) ?/g, "$1").trim();
}

function rank(name: string): number {
  return name === "base.css" ? 0 : 1;
}

function read(name: string): Promise<string> {
  return Deno.readTextFile(new URL(name, WEB));
}

async function fileOf(
  path: string,
  type: string,
  text: string,
): Promise<PageFile> {
  const bytes = new TextEncoder().encode(text);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hash = digest.toHex().slice(0, HASH_DIGITS);
  return {
    path: path.replace(".", `.${hash}.`),
    type: `${type}; charset=utf-8`,
    etag: `"${hash}"`,
    brotli: encodeBase64(compress(bytes)),
  };
}

function compress(bytes: Uint8Array): Uint8Array {
  const { BROTLI_PARAM_QUALITY, BROTLI_MAX_QUALITY, BROTLI_PARAM_LGBLOCK } =
    constants;
  const params = {
    [BROTLI_PARAM_QUALITY]: BROTLI_MAX_QUALITY,
    [BROTLI_PARAM_LGBLOCK]: BLOCK_BITS,
  };
  return brotliCompressSync(bytes, { params });
}

function moduleOf(files: readonly PageFile[]): string {
  const bytes = files.reduce((sum, { brotli }) => sum + atob(brotli).length, 0);
  return `// Made by \`deno task page\` of what is in src/web: not to be edited.
import type { PageFile } from "./page_file.ts";

/** The page, ${
    bytes.toLocaleString("en")
  } bytes in all, each file in Brotli and base64. */
export const PAGE_FILES: readonly PageFile[] = ${
    JSON.stringify(files, undefined, 2)
  };
`;
}

if (import.meta.main) await Deno.writeTextFile(MODULE, await buildPage());
