/** Styles as text carries them (SGR, ECMA-48, 8.3.117), read so that they can be begun again. */

// deno-lint-ignore no-control-regex
const SEQUENCE = /(\x1b\[[\d;]*m)/;

/** A piece of a line in one style. */
export interface Styled {
  readonly text: string;
  /** Parameters of one sequence that begins it from nothing: `1;31`, or nothing. */
  readonly style: string;
}

/** Which slots a parameter empties; each holds one parameter. */
const ENDS: ReadonlyMap<number, readonly string[]> = new Map([
  [22, ["1", "2"]],
  [23, ["3"]],
  [24, ["4"]],
  [27, ["7"]],
  [39, ["text"]],
  [49, ["ground"]],
]);

/** The pieces of a line, without the sequences between them; none is empty. */
export function readStyled(line: string): Styled[] {
  const slots = new Map<string, string>();
  return line.split(SEQUENCE).flatMap((text, at) => {
    if (at % 2 === 1) takeSequence(slots, text);
    const isEmpty = at % 2 === 1 || text === "";
    return isEmpty ? [] : [{ text, style: [...slots.values()].join(";") }];
  });
}

/** Writes pieces, each after what begins its style; at the end there is none. */
export function writeStyled(pieces: readonly Styled[]): string {
  let [written, open] = ["", ""];
  for (const { text, style } of pieces) {
    if (style !== open) {
      written += open === "" ? "" : "\x1b[m";
      written += style === "" ? "" : `\x1b[${style}m`;
      open = style;
    }
    written += text;
  }
  return open === "" ? written : `${written}\x1b[m`;
}

function takeSequence(slots: Map<string, string>, sequence: string): void {
  const parameters = sequence.slice(2, -1).split(";").map(Number);
  for (let at = 0; at < parameters.length; at++) {
    const code = parameters[at]!;
    if (code === 0) slots.clear();
    else if (code === 38 || code === 48) {
      // A color by its number (5) or by its parts (2).
      const length = parameters[at + 1] === 5 ? 3 : 5;
      const color = parameters.slice(at, at + length).join(";");
      slots.set(slotOf(code), color);
      at += length - 1;
    } else if (ENDS.has(code)) {
      for (const slot of ENDS.get(code)!) slots.delete(slot);
    } else slots.set(slotOf(code), String(code));
  }
}

function slotOf(code: number): string {
  if (code < 30) return String(code);
  return (code < 40 || (code >= 90 && code < 98)) ? "text" : "ground";
}
