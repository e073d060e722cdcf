/**
 * The table of emoji, packed for the page: all names are one text, all symbols another. Symbols come
 * in the order of Unicode's list, where neighbours are near each other and people have variants, so
 * most are a distance. It is 2 KB less after the compression.
 */

/** The table in the script: names and, escaped, what they stand for. */
const TABLE = /\{100:"[^]*?wales:"[^"]+"\}/;

/** What symbols are put together from, each by a character that is no distance. */
const PARTS: Readonly<Record<string, string>> = {
  " ": "\u{200D}\u{2642}\u{FE0F}", // of a man
  "!": "\u{200D}\u{2640}\u{FE0F}", // of a woman
  "#": "\u{FE0F}", // as a picture
  "$": "\u{200D}", // joined with
  "%": "\u{1F9D1}", // somebody
  "&": "\u{1F468}", // a man
  "'": "\u{1F469}", // a woman
  "y": "\u{1F466}", // a boy
  "z": "\u{1F467}", // a girl
};
/** Names that stand beside each other, each pair by a mark and what both have. */
const PAIRS = [
  ["<", / man_(\S+) woman_\1(?= |$)/g],
  [">", / (\S+)_man \1_woman(?= |$)/g],
] as const;
/** In `unpackEmoji` the figures stand for themselves, as its text goes into the page. */
const FAR = 40;

/** A table as texts. */
export interface PackedEmoji {
  /** All names, with a blank between them: `<x` is `man_x woman_x`, and `>x` is `x_man x_woman`. */
  readonly names: string;
  /**
   * All symbols, one after another, in characters:
   * - one of `parts`;
   * - `~`, a flag: the next two letters of `flags`;
   * - others of ASCII, how far on from the last character (`P` is 0) that was no part and no flag;
   * - U+0400 to U+043F with one of ASCII: U+1F000 and what they count, by 64 and (from `(` on) by 1;
   * - any other, itself, but the first 256 of Unicode are U+FEE0 further on.
   */
  readonly symbols: string;
  readonly flags: string;
  readonly parts: Readonly<Record<string, string>>;
}

/**
 * The script with the table packed, and what unpacks it.
 *
 * @throws {Error} when the table is not there as it was.
 */
export function withPackedEmoji(script: string): string {
  const table = TABLE.exec(script)?.[0];
  if (table === undefined) throw new Error("no table of emoji");
  const entries = Array.from(
    table.matchAll(/"?([^",:{]+)"?:"([^"]+)"/g),
    ([, name, symbol]): [string, string] => [name!, unescaped(symbol!)],
  );
  const packed = JSON.stringify(packEmoji(entries));
  return script.replace(table, () => `(${unpackEmoji})(${packed})`);
}

/** A table's names with their symbols, in its order. */
export function packEmoji(
  entries: readonly (readonly [string, string])[],
): PackedEmoji {
  const parts = new Map(Object.entries(PARTS).map(([by, part]) => [part, by]));
  const pieces = new RegExp(
    `[\u{1F1E6}-\u{1F1FF}]{2}|${[...parts.keys()].join("|")}|.`,
    "gu",
  );
  const all = entries.map(([, symbol]) => symbol).join("");
  let [symbols, flags, last] = ["", "", 0];
  for (const [piece] of all.matchAll(pieces)) {
    const code = piece.codePointAt(0)!;
    if (parts.has(piece)) symbols += parts.get(piece);
    else if (piece.length === 4) {
      symbols += "~";
      flags += lettersOf(piece);
    } else {
      symbols += packedCode(code, last);
      last = code;
    }
  }
  const names = PAIRS.reduce(
    (text, [mark, both]) => text.replace(both, ` ${mark}$1`),
    entries.map(([name]) => name).join(" "),
  );
  return { names, symbols, flags, parts: PARTS };
}

function packedCode(code: number, last: number): string {
  const count = code - 0x1F000;
  if (Math.abs(code - last) <= FAR) {
    return String.fromCharCode(80 + code - last);
  }
  if (count >= 0 && count < 4_096) {
    return String.fromCharCode(0x400 + (count >> 6), 40 + count % 64);
  }
  return String.fromCodePoint(code < 256 ? code + 0xFEE0 : code);
}

/** The country of a flag: `fr`. */
function lettersOf(flag: string): string {
  const codes = Array.from(flag, (half) => half.codePointAt(0)!);
  return String.fromCharCode(...codes.map((code) => code - 0x1F1E6 + 97));
}

/** Undoes `packEmoji`; it stands in the page by its text, so it names nothing else. */
export function unpackEmoji(
  { names, symbols, flags, parts }: PackedEmoji,
): Record<string, string> {
  let [last, flag] = [0, 0];
  const regional = () =>
    String.fromCodePoint(flags.charCodeAt(flag++) - 97 + 0x1F1E6);
  const all = symbols.replace(/[\u0400-\u043F]?./gu, (piece) => {
    if (parts[piece] !== undefined) return parts[piece];
    if (piece === "~") return regional() + regional();
    const code = piece.codePointAt(0)!;
    if (code < 128) last += code - 80;
    else if (code < 0x440) {
      last = 0x1F000 + (code - 0x400) * 64 + piece.charCodeAt(1) - 40;
    } else last = code < 0xFF00 || code > 0xFFFF ? code : code - 0xFEE0;
    return String.fromCodePoint(last);
  });
  // A flag, or a character with what changes its looks, and what is joined with it.
  const one =
    /[\u{1F1E6}-\u{1F1FF}]{2}|.[\uFE0F\u20E3\u{E0020}-\u{E007F}]*(?:\u200D.\uFE0F?)*/gu;
  const split = all.match(one)!;
  return Object.fromEntries(
    names.replace(/<(\S+)/g, "man_$1 woman_$1")
      .replace(/>(\S+)/g, "$1_man $1_woman")
      .split(" ").map((name, index) => [name, split[index]!]),
  );
}

function unescaped(text: string): string {
  return text.replace(
    /\\u(?:\{([0-9A-F]+)\}|([0-9A-F]{4}))|\\x([0-9A-F]{2})/g,
    (_, long, four, two) =>
      String.fromCodePoint(parseInt(long ?? four ?? two, 16)),
  );
}
