/** Compiles the cipher (`src/secure/cipher/assembly`) and writes the module that is kept. */
import { encodeBase64 } from "@std/encoding/base64";

const CIPHER = new URL("../src/secure/cipher/", import.meta.url);
const MODULE = new URL("module.ts", CIPHER);
/**
 * The compiler runs as a program of its own, with a lock file of its own: what stands in
 * `tests/deno.lock` is downloaded by everybody who runs the tests, and this has 100 MB.
 */
const COMPILER_LOCK = new URL("cipher.lock", import.meta.url);
const ASSEMBLYSCRIPT = "npm:assemblyscript@0.28.20/asc";
const OPTIONS = [
  ["--enable", "simd"],
  ["--runtime", "stub"],
  // Three pages of 64 KiB: the fixed areas, and slots of 1,344 keys.
  ["--initialMemory", "3"],
  ["-O3", "--noAssert"],
].flat();

/** The text of `src/secure/cipher/module.ts`: always the same for the same source. */
export async function buildCipher(): Promise<string> {
  return moduleOf(await compile("aead.ts"));
}

/** A module that exports what a file of the source exports. */
export async function compile(entry: string): Promise<Uint8Array<ArrayBuffer>> {
  const file = await Deno.makeTempFile({ suffix: ".wasm" });
  try {
    const source = new URL(`assembly/${entry}`, CIPHER).pathname;
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-prompt", "--no-config", "--allow-all"],
        ...["--frozen", "--lock", COMPILER_LOCK.pathname, ASSEMBLYSCRIPT],
        ...[source, "--outFile", file, ...OPTIONS],
      ],
      cwd: CIPHER.pathname,
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return await Deno.readFile(file);
  } finally {
    await Deno.remove(file);
  }
}

function moduleOf(wasm: Uint8Array): string {
  return `// Made by \`deno task cipher\` of what is in assembly/: not to be edited.

/** The compiled cipher, ${
    wasm.length.toLocaleString("en")
  } bytes, in base64. */
export const CIPHER_MODULE =
  "${encodeBase64(wasm)}";
`;
}

if (import.meta.main) await Deno.writeTextFile(MODULE, await buildCipher());
