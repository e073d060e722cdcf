/**
 * Makes the tables of characters that names are judged by (`src/wire/unicode/names.ts`) of two files
 * of Unicode (UTS #39): `deno task unicode IdentifierStatus.txt confusables.txt`.
 */
const MODULE = new URL("../src/wire/unicode/names.ts", import.meta.url);

type Range = readonly [first: number, last: number];

/** The text of `src/wire/unicode/names.ts`, of the contents of the two files. */
export function buildNames(status: string, confusables: string): string {
  const version = versionOf(status);
  if (versionOf(confusables) !== version) {
    throw new Error("the two files are of different versions of Unicode");
  }
  const allowed = allowedOf(status);
  const looks = looksOf(occurring(allowed), prototypesOf(confusables));
  return `// Made by \`deno task unicode\` of Unicode's data on identifiers: not to be edited.
// Copyright © 1991-2025 Unicode, Inc., under the Unicode License V3.

/** The version of Unicode that the tables are of. */
export const UNICODE_VERSION = "${version}";

/** Ranges of code points with Identifier_Status=Allowed: from the end of the one before, length. */
export const ALLOWED =
  "${encodeRanges(allowed)}";

/**
 * What letters look like, where that is not their lower case: from the code point before, then the
 * code points that it looks like.
 */
export const LOOKS =
  "${encodeLooks(looks)}";
`;
}

function versionOf(text: string): string {
  const version = /^# Version: ([\d.]+)$/m.exec(text)?.[1];
  if (version === undefined) throw new Error("a file without its version");
  return version;
}

/** The fields of each line, without comments. */
function* rowsOf(text: string): Generator<string[]> {
  for (const line of text.replace(/^\ufeff/, "").split(/\r?\n/)) {
    const row = line.replace(/#.*/, "").trim();
    if (row !== "") yield row.split(";").map((field) => field.trim());
  }
}

function allowedOf(status: string): Range[] {
  const ranges: [number, number][] = [];
  for (const [points, value] of rowsOf(status)) {
    if (value !== "Allowed") continue;
    const [first, last = first] = points!.split("..").map((hex) =>
      parseInt(hex, 16)
    );
    const before = ranges.at(-1);
    if (before !== undefined && before[1] === first! - 1) before[1] = last!;
    else ranges.push([first!, last!]);
  }
  return ranges;
}

function prototypesOf(confusables: string): Map<string, string> {
  const textOf = (hex: string) =>
    String.fromCodePoint(...hex.split(" ").map((one) => parseInt(one, 16)));
  return new Map(Array.from(
    rowsOf(confusables),
    ([source, prototype]) => [textOf(source!), textOf(prototype!)],
  ));
}

/** Characters that an allowed name can have when it is decomposed, in upper or in lower case. */
function occurring(allowed: readonly Range[]): Set<string> {
  const characters = new Set<string>();
  for (const [first, last] of allowed) {
    for (let point = first; point <= last; point++) {
      const char = String.fromCodePoint(point);
      if (!/[\p{L}\p{M}\p{Nd}_.-]/u.test(char)) continue;
      for (const one of [char, char.toUpperCase(), char.toLowerCase()]) {
        for (const part of one.normalize("NFD")) characters.add(part);
      }
    }
  }
  return characters;
}

/** Of each character that does not just look like its lower case: what it looks like. */
function looksOf(
  characters: Iterable<string>,
  prototypes: ReadonlyMap<string, string>,
): [string, string][] {
  const looks: [string, string][] = [];
  for (const char of characters) {
    const plain = lower(char);
    const look = settled(char, prototypes);
    if (look !== plain) looks.push([char, look]);
  }
  return looks.sort(([one], [two]) =>
    one.codePointAt(0)! - two.codePointAt(0)!
  );
}

/** Prototypes are looked at in lower case, which may have prototypes again, until nothing changes. */
function settled(
  text: string,
  prototypes: ReadonlyMap<string, string>,
): string {
  const mapped = Array.from(
    text.normalize("NFD"),
    (char) => prototypes.get(char) ?? char,
  );
  const next = lower(mapped.join(""));
  return next === text ? text : settled(next, prototypes);
}

function lower(text: string): string {
  return Array.from(text, (char) => char.toLowerCase()).join("").normalize(
    "NFD",
  );
}

function encodeRanges(ranges: readonly Range[]): string {
  let end = 0;
  return ranges.map(([first, last]) => {
    const gap = first - end;
    end = last + 1;
    return `${gap.toString(36)} ${(last - first + 1).toString(36)}`;
  }).join(",");
}

function encodeLooks(looks: readonly (readonly [string, string])[]): string {
  let before = 0;
  return looks.map(([char, look]) => {
    const point = char.codePointAt(0)!;
    const gap = point - before;
    before = point;
    const points = Array.from(look, (one) => one.codePointAt(0)!);
    return [gap, ...points].map((one) => one.toString(36)).join(" ");
  }).join(",");
}

if (import.meta.main) {
  const [status, confusables] = Deno.args;
  if (status === undefined || confusables === undefined) {
    throw new Error(
      "usage: deno task unicode IdentifierStatus.txt confusables.txt",
    );
  }
  await Deno.writeTextFile(
    MODULE,
    buildNames(
      await Deno.readTextFile(status),
      await Deno.readTextFile(confusables),
    ),
  );
}
