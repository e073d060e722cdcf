/**
 * The names of keys, and the sequences that terminals send for them (ECMA-48, xterm's ctlseqs, the
 * kitty keyboard protocol).
 */

/** Finals of `CSI …` and `SS3 …`; others mean nothing here. */
const BY_FINAL: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  F: "end",
  H: "home",
  M: "enter",
};

/** First parameters of `CSI … ~`; others mean nothing here. */
const BY_NUMBER: Readonly<Record<string, string>> = {
  1: "home",
  3: "delete",
  4: "end",
  7: "home",
  8: "end",
};

const BY_CODE: Readonly<Record<number, string>> = {
  8: "backspace",
  9: "tab",
  10: "enter",
  13: "enter",
  27: "escape",
  32: "space",
  127: "backspace",
};

/** The name of a control character: `ctrl+a`, `enter`, `ctrl+_`. */
export function nameOfControl(code: number): string {
  if (code === 8) return "ctrl+h";
  return BY_CODE[code] ??
    `ctrl+${code === 0 ? "space" : String.fromCharCode(code + 64)}`
      .toLowerCase();
}

/** The name of `CSI parameters final`, or `undefined` for one that means no key here. */
export function nameOfSequence(
  parameters: string,
  final: string,
): string | undefined {
  if (final === "Z") return "shift+tab";
  const [first = "", second = "", third = ""] = parameters.split(";");
  if (final === "u") return withModifiers(second, nameOfCode(Number(first)));
  if (final === "~" && first === "27") {
    return withModifiers(second, nameOfCode(Number(third)));
  }
  const name = final === "~" ? BY_NUMBER[first] : BY_FINAL[final];
  // rxvt says a modifier by the final itself; those keys mean nothing here.
  return withModifiers(second, name);
}

function nameOfCode(code: number): string | undefined {
  if (!Number.isInteger(code) || code < 1 || code > 0x10ffff) return undefined;
  return BY_CODE[code] ?? String.fromCodePoint(code).toLowerCase();
}

/** The modifier is 1 and a bit each for shift, alt and ctrl. */
function withModifiers(
  parameter: string,
  name: string | undefined,
): string | undefined {
  const bits = Math.max(0, (parseInt(parameter) || 1) - 1);
  const ctrl = (bits & 4) !== 0 ? "ctrl+" : "";
  const alt = (bits & 2) !== 0 ? "alt+" : "";
  const shift = (bits & 1) !== 0 ? "shift+" : "";
  return name === undefined ? undefined : `${ctrl}${alt}${shift}${name}`;
}
