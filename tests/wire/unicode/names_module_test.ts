import { assert, assertThrows } from "@std/assert";
import { buildNames } from "../../../build/unicode.ts";
import { unless } from "../../_testing.ts";

const ROOT = new URL("../../../", import.meta.url);
/** Unicode's files are not part of this: where they are at hand, they lie beside the project. */
const FILES = ["IdentifierStatus.txt", "confusables.txt"].map((name) =>
  new URL(`../shared/unicode/${name}`, ROOT)
);

function whyNot(): string | undefined {
  try {
    for (const file of FILES) Deno.statSync(file);
    return undefined;
  } catch {
    return "Unicode's files are not at hand in ../shared/unicode";
  }
}

Deno.test({
  ...unless(whyNot(), "tables of names: are those of Unicode's files"),
  permissions: { read: true },
  fn: async () => {
    const [status, confusables] = await Promise.all(
      FILES.map((file) => Deno.readTextFile(file)),
    );
    const kept = await Deno.readTextFile(
      new URL("src/wire/unicode/names.ts", ROOT),
    );
    assert(
      buildNames(status!, confusables!) === kept,
      "run `deno task unicode` with the two files, or take back the change",
    );
  },
});

Deno.test({
  name: "tables of names: are of one version of Unicode",
  permissions: "none",
  fn: () => {
    const of = (version: string) => `# Version: ${version}\n`;
    assertThrows(
      () => buildNames(of("17.0.0"), of("16.0.0")),
      Error,
      "version",
    );
  },
});
