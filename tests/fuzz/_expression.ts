/** A regular expression taken apart, as far as backtracking goes. */

export type Node =
  /** One character, which the engine itself judges. */
  | { readonly kind: "one"; readonly fits: (char: string) => boolean }
  | { readonly kind: "all"; readonly nodes: readonly Node[] }
  | { readonly kind: "either"; readonly nodes: readonly Node[] }
  | { readonly kind: "group"; readonly index: number; readonly node: Node }
  | {
    readonly kind: "repeat";
    readonly node: Node;
    readonly min: number;
    readonly max: number;
    readonly isLazy: boolean;
  }
  | { readonly kind: "ahead"; readonly node: Node; readonly isNot: boolean }
  | { readonly kind: "again"; readonly index: number }
  | { readonly kind: "at"; readonly where: "^" | "$" | "\\b" | "\\B" };

/** One character of the pattern that is not syntax: a class, an escape, a dot, itself. */
const ATOM =
  /\[(?:[^\]\\]|\\[^])*\]|\\(?:[pP]\{[^}]*\}|x[0-9a-f]{2}|u\{[^}]*\}|u[0-9a-f]{4}|c[a-z]|[^])|[^]/iuy;
const GROUP = /\((?:\?(?::|[=!]|<[a-z]\w*>))?/iy;
const REPEAT = /(?:([*+?])|\{(\d+)(,?)(\d*)\})(\??)/y;

/** @throws {Error} for syntax that is not known here: lookbehind. */
export function parseExpression({ source, flags }: RegExp): Node {
  return new Parser(source, flags.replace(/[gy]/g, "")).whole();
}

class Parser {
  readonly #source: string;
  readonly #flags: string;
  #at = 0;
  #groups = 0;

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#flags = flags;
  }

  whole(): Node {
    const node = this.#either();
    if (this.#at < this.#source.length) throw this.#unknown();
    return node;
  }

  #either(): Node {
    const nodes = [this.#all()];
    while (this.#take("|")) nodes.push(this.#all());
    return nodes.length === 1 ? nodes[0]! : { kind: "either", nodes };
  }

  #all(): Node {
    const nodes: Node[] = [];
    while (this.#at < this.#source.length && !/[|)]/.test(this.#next)) {
      nodes.push(this.#repeated(this.#term()));
    }
    return { kind: "all", nodes };
  }

  #repeated(node: Node): Node {
    const found = this.#match(REPEAT);
    if (found === null) return node;
    const [, sign, least, comma, most, lazy] = found;
    const min = sign === undefined ? Number(least) : sign === "+" ? 1 : 0;
    const max = sign !== undefined
      ? sign === "?" ? 1 : Infinity
      : comma === ""
      ? min
      : most === ""
      ? Infinity
      : Number(most);
    return { kind: "repeat", node, min, max, isLazy: lazy !== "" };
  }

  #term(): Node {
    for (const where of ["^", "$", "\\b", "\\B"] as const) {
      if (this.#take(where)) return { kind: "at", where };
    }
    if (this.#next === "(") return this.#group();
    const again = this.#match(/\\([1-9])/y);
    if (again !== null) return { kind: "again", index: Number(again[1]) };
    const [atom] = this.#match(ATOM) ?? [];
    if (atom === undefined) throw this.#unknown();
    return { kind: "one", fits: fitting(atom, this.#flags) };
  }

  #group(): Node {
    const [begin] = this.#match(GROUP)!;
    const isGroup = begin === "(" || begin.endsWith(">");
    const index = isGroup ? ++this.#groups : 0;
    const node = this.#either();
    if (!this.#take(")")) throw this.#unknown();
    if (isGroup) return { kind: "group", index, node };
    if (begin === "(?:") return node;
    return { kind: "ahead", node, isNot: begin === "(?!" };
  }

  get #next(): string {
    return this.#source[this.#at]!;
  }

  #take(text: string): boolean {
    const isHere = this.#source.startsWith(text, this.#at);
    if (isHere) this.#at += text.length;
    return isHere;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source);
    this.#at += found?.[0].length ?? 0;
    return found;
  }

  #unknown(): Error {
    return new Error(`/${this.#source}/: unknown syntax at ${this.#at}`);
  }
}

function fitting(atom: string, flags: string): (char: string) => boolean {
  const alone = new RegExp(`^(?:${atom})$`, flags);
  const known = new Map<string, boolean>();
  return (char) => {
    let fits = known.get(char);
    if (fits === undefined) known.set(char, fits = alone.test(char));
    return fits;
  };
}
