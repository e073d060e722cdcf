/**
 * No regular expression of the program costs more than a line: what strangers send is matched with
 * them. The cost is counted by stepping through each, and no clock is asked.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { propertyOptions, testsOf } from "../_testing.ts";
import { alphabetOf, Backtracking, dearFamily } from "./_backtracking.ts";
import { EXPRESSIONS } from "./_expressions_of_src.ts";
import { expressionsIn } from "./_literals.ts";

const test = testsOf("regular expressions", { read: true });
const SRC = new URL("../../src/", import.meta.url);

/** Those of every file, each with its `new RegExp` as often as it is there. */
function* written(folder: URL, path = ""): Generator<[string, string[]]> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) {
      yield* written(new URL(`${name}/`, folder), `${path}${name}/`);
    } else if (name.endsWith(".ts")) {
      const code = Deno.readTextFileSync(new URL(name, folder));
      yield [path + name, expressionsIn(code).sort()];
    }
  }
}

test("all that are in the program are in the table, and no others", () => {
  const table = Object.entries(EXPRESSIONS).map((
    [file, { literals, made }],
  ) => [
    file,
    [
      ...literals.map(String),
      ...(made ?? []).map(() => "new RegExp"),
    ].sort(),
  ]);
  const found = [...written(SRC)].filter(([, all]) => all.length > 0);
  assertEquals(
    Object.fromEntries(found),
    Object.fromEntries(table),
    "tests/fuzz/_expressions_of_src.ts has to say what each expression sees",
  );
});

test("cost no more than twice as much for twice as much", () => {
  const dear = Object.entries(EXPRESSIONS).flatMap(([file, row]) =>
    [...row.literals, ...row.made ?? []].map((expression) => ({
      file,
      expression: String(expression),
      family: dearFamily(expression),
    }))
  ).filter(({ family }) => family !== undefined);
  assertEquals(dear, []);
});

test("that cost the square or more are known as such", () => {
  const dear = [
    /^\/password\s+(\S.*?)\s*$/i,
    /^\n+|\s+$/g,
    /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.%\w]*$/i,
    /^([^]*?)(\S*)$/,
    /\S*$/,
    /^(a+)+$/,
    /^(?:a|a)*b/,
    /^(\w*)x\1y/,
    /^(?=(\s*\S+)*\.$)/,
    /^"[^"]*"(, *"[^"]*")*, *,? *$/,
  ];
  for (const expression of dear) {
    assert(dearFamily(expression) !== undefined, String(expression));
  }
});

test("are stepped through as the engine runs them", () => {
  const all = Object.values(EXPRESSIONS)
    .flatMap(({ literals, made }) => [...literals, ...made ?? []]);
  for (const expression of all) {
    const engine = new Backtracking(expression);
    const alphabet = fc.constantFrom(...alphabetOf(expression));
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 12 }), (chars) => {
        const text = chars.join("");
        const once = expression.flags.replace("g", "");
        const found = new RegExp(expression.source, once).exec(text);
        const length = (units: string) =>
          expression.unicode ? [...units].length : units.length;
        const expected = found === null ? undefined : [
          length(text.slice(0, found.index)),
          length(text.slice(0, found.index + found[0].length)),
        ];
        assertEquals(engine.run(text).found, expected as never);
      }),
      propertyOptions(100),
    );
  }
});

test("are found among what looks like them", () => {
  const code = [
    "const a = b / c / d; // /no/",
    'const e = "/no/" + `/no/ ${f(/yes/g, `${/[/"]/u}`)} /no/`;',
    "/* /no/ */ if (a) return /\\/'`yes/;",
    "x = y => /z/.test(y) ? new RegExp(`/no/${1 / 2 / 3}`) : a[0] / 2 / 1;",
  ].join("\n");
  assertEquals(expressionsIn(code), [
    "/yes/g",
    '/[/"]/u',
    "/\\/'`yes/",
    "/z/",
    "new RegExp",
  ]);
});
