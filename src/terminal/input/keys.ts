/**
 * Bytes of a terminal as keys (ECMA-48, xterm's ctlseqs, the kitty keyboard protocol). A sequence
 * may be split anywhere; a lone escape is told from the beginning of one by time, handed in.
 */

export type Key =
  /** Characters, as typed. */
  | { readonly kind: "text"; readonly text: string }
  /** `ctrl+a`, `alt+enter`, `up`, … */
  | { readonly kind: "key"; readonly name: string }
  /** What stood between the marks of a bracketed paste; lines end with `\n`. */
  | { readonly kind: "paste"; readonly text: string }
  /** The terminal says where its cursor is, both from 1. */
  | { readonly kind: "cursor"; readonly row: number; readonly column: number }
  /** It says what is behind its text (OSC 11): `rgb:1e1e/1e1e/1e1e`. */
  | { readonly kind: "ground"; readonly color: string }
  /** It says what kind of terminal it is (DA1), as all do. */
  | { readonly kind: "attributes" };

const ESC = "\x1b";
const PASTE_BEGIN = "200";
const PASTE_END = `${ESC}[201~`;
/** A paste is kept up to here; the rest of it is dropped. */
const PASTE_MAX_CHARS = 200_000;
/** No sequence that means something is longer; what is, is dropped. */
const SEQUENCE_MAX_CHARS = 64;
// deno-lint-ignore no-control-regex
const CONTROL = /[\x00-\x1f\x7f-\x9f]/;
// deno-lint-ignore no-control-regex
const CSI = /^\x1b(\x1b?)\[([0-?]*)([ -/]*)([@-~])/;
// deno-lint-ignore no-control-regex
const CSI_BEGUN = /^\x1b\x1b?\[[0-?]*[ -/]*$/;
// deno-lint-ignore no-control-regex
const SS3 = /^\x1b(\x1b?)O([A-Za-z])/;
/** What may become such a sequence, and is a key or two by itself. */
// deno-lint-ignore no-control-regex
const BEGUN = /^\x1b\x1b?O?$/;
/** Answers that the terminal gives to questions: OSC, DCS, PM, APC, to their terminator. */
// deno-lint-ignore no-control-regex
const STRING = /^\x1b[\]P^_][^\x07\x1b]*(\x07|\x1b\\)/;
// deno-lint-ignore no-control-regex
const STRING_BEGUN = /^\x1b[\]P^_][^\x07\x1b]*\x1b?$/;

const GROUND_BEGIN = `${ESC}]11;`;
/** What is behind the text, or as much as has come of that. */
const GROUND =
  // deno-lint-ignore no-control-regex
  /^\x1b\]11;(?:[rgba]{0,4}(?::[\da-f/]{0,19}\x1b?)?$|rgba?:[\da-f/]{5,19}(?:\x07|\x1b\\))/i;

/** Another answer, or a key, of which more has come than begins one. */
// deno-lint-ignore no-control-regex
const LATE = /^\x1b\[[?\d][\d;]*(?:[A-DFHRc~]|$)/;

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
  5: "pageup",
  6: "pagedown",
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

export class KeyDecoder {
  /** Else the runtime drops U+FEFF from the beginning of a later chunk, too. */
  readonly #utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  #rest = "";
  /** What a paste that has not ended holds so far. */
  #pasted: string | undefined;
  /** What was held last: the rest of an answer may come late, and is no text. */
  #late = "";
  #keys: Key[] = [];

  /** Whether bytes are held that may be a key by themselves: {@linkcode flush} after a while. */
  get isWaiting(): boolean {
    return this.#rest !== "" && this.#pasted === undefined;
  }

  /** Takes bytes, and gives the keys that they complete. */
  push(bytes: Uint8Array): Key[] {
    this.#rest += this.#utf8.decode(bytes, { stream: true });
    const whole = this.#late + this.#rest;
    const isRest = LATE.test(this.#late) && LATE.test(whole);
    if (GROUND.test(whole) || isRest) this.#rest = whole;
    if (this.#rest !== "") this.#late = "";
    while (this.#rest !== "" && this.#step());
    return this.#take();
  }

  /** Nothing has followed: what is held is all there is of it. */
  flush(): Key[] {
    if (!this.isWaiting) return [];
    const held = this.#rest;
    this.#rest = "";
    this.#late = held;
    if (held.length === 2) this.#key(altOf(held[1]!));
    else if (BEGUN.test(held)) {
      this.#key("escape");
      if (held !== ESC) this.#key(altOf("O"));
    }
    return this.#take();
  }

  #take(): Key[] {
    const keys = this.#keys;
    this.#keys = [];
    return keys;
  }

  /** A key, with Alt after a second escape, if its name is one that means something. */
  #key(name: string | undefined, escape = ""): true {
    const alt = escape === "" ? "" : "alt+";
    if (name !== undefined) this.#keys.push({ kind: "key", name: alt + name });
    return true;
  }

  /** Takes off the rest what a pattern finds at its beginning. */
  #match(pattern: RegExp): RegExpExecArray | null {
    const found = pattern.exec(this.#rest);
    this.#rest = this.#rest.slice(found?.[0].length ?? 0);
    return found;
  }

  /** Takes one key off the rest; `false` when more is needed for one. */
  #step(): boolean {
    if (this.#pasted !== undefined) return this.#paste(this.#pasted);
    const first = this.#rest[0]!;
    if (first === ESC) return this.#escape();
    if (CONTROL.test(first)) {
      this.#rest = this.#rest.slice(1);
      const code = first.charCodeAt(0);
      // C1 controls as characters mean nothing that a person types.
      if (code < 0x80) this.#key(nameOfControl(code));
      return true;
    }
    const end = this.#rest.search(CONTROL);
    const text = end === -1 ? this.#rest : this.#rest.slice(0, end);
    this.#rest = end === -1 ? "" : this.#rest.slice(end);
    this.#keys.push({ kind: "text", text });
    return true;
  }

  #escape(): boolean {
    const csi = this.#match(CSI);
    if (csi !== null) return this.#sequence(csi);
    const ss3 = this.#match(SS3);
    if (ss3 !== null) return this.#key(nameOfSequence("", ss3[2]!), ss3[1]);
    const string = this.#match(STRING);
    return string === null ? this.#alt() : this.#string(string[0]);
  }

  #string(text: string): true {
    if (text.startsWith(GROUND_BEGIN)) {
      const end = text.endsWith("\x07") ? -1 : -2;
      const color = text.slice(GROUND_BEGIN.length, end);
      this.#keys.push({ kind: "ground", color });
    }
    return true;
  }

  /** Escape and a character, which is the character with Alt; or the beginning of a sequence. */
  #alt(): boolean {
    const rest = this.#rest;
    if (BEGUN.test(rest)) return false;
    if (CSI_BEGUN.test(rest) || STRING_BEGUN.test(rest)) {
      if (rest.length > SEQUENCE_MAX_CHARS) this.#rest = "";
      return false;
    }
    const [, char = ""] = rest;
    // Of two escapes the second may begin a sequence.
    this.#rest = rest.slice(char === ESC ? 1 : 1 + char.length);
    return this.#key(char === ESC ? "escape" : altOf(char));
  }

  #sequence(
    [, escape, parameters = "", between, final = ""]: RegExpExecArray,
  ): true {
    const cursor = /^(\d{1,5});(\d{1,5})$/.exec(parameters);
    if (final === "~" && parameters === PASTE_BEGIN) this.#pasted = "";
    else if (final === "R" && cursor !== null) {
      const [row, column] = [Number(cursor[1]), Number(cursor[2])];
      this.#keys.push({ kind: "cursor", row, column });
    } else if (final === "c" && parameters.startsWith("?")) {
      this.#keys.push({ kind: "attributes" });
    } else if (between === "") {
      this.#key(nameOfSequence(parameters, final), escape);
    }
    return true;
  }

  #paste(before: string): boolean {
    const end = this.#rest.indexOf(PASTE_END);
    // The mark of the end may be split, too.
    const keep = end === -1 ? heldOfEnd(this.#rest) : 0;
    const to = end === -1 ? this.#rest.length - keep : end;
    const left = PASTE_MAX_CHARS - before.length;
    const text = before + this.#rest.slice(0, Math.min(to, left));
    this.#rest = this.#rest.slice(end === -1 ? to : end + PASTE_END.length);
    if (end === -1) {
      this.#pasted = text;
      return false;
    }
    this.#pasted = undefined;
    this.#keys.push({ kind: "paste", text: text.replace(/\r\n?/g, "\n") });
    return true;
  }
}

/** How many characters at the end may be the beginning of the mark. */
function heldOfEnd(text: string): number {
  for (let held = PASTE_END.length - 1; held > 0; held--) {
    if (text.endsWith(PASTE_END.slice(0, held))) return held;
  }
  return 0;
}

function altOf(char: string): string {
  const name = CONTROL.test(char)
    ? nameOfControl(char.charCodeAt(0))
    : char.toLowerCase();
  return `alt+${name}`;
}

/** The name of a control character: `ctrl+a`, `enter`, `ctrl+_`. */
function nameOfControl(code: number): string {
  if (code === 8) return "ctrl+h";
  return BY_CODE[code] ??
    `ctrl+${code === 0 ? "space" : String.fromCharCode(code + 64)}`
      .toLowerCase();
}

/** The name of `CSI parameters final`, or `undefined` for one that means no key here. */
function nameOfSequence(parameters: string, final: string): string | undefined {
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
