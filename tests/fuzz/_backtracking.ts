/**
 * How many steps a backtracking engine takes with a regular expression: counted, so that no clock
 * has a say. Inputs are made of the expression's own alphabet, with what it repeats in them again
 * and again, and one character that spoils the match.
 */
import { type Node, parseExpression } from "./_expression.ts";

/** Repetitions in the shortest of the hostile inputs; what repeats at most so often is constant. */
const REPETITIONS = 40;
/** No linear expression needs as many for the longest of them. */
const MOST_STEPS = 100_000;
const CANDIDATES = [
  ..." \n\t\r\0\x01\x07\x1b\x7f\x85!\"#%'*+,-./0189:;=@AEFZ[\\]^_`adefgqxz{|}~",
  ..."é\u0301\u0663\u0915中\u2028\u202e\ufeff\ud800𝒳\u{e0020}",
];

/** What was found, and what it took. */
export interface Run {
  readonly steps: number;
  /** Where the first match begins and ends. */
  readonly found: readonly [number, number] | undefined;
}

class TooMuch extends Error {}

/** An expression that is stepped through by hand. */
export class Backtracking {
  readonly expression: RegExp;
  readonly #root: Node;
  #chars: readonly string[] = [];
  #groups: (readonly [number, number] | undefined)[] = [];
  #steps = 0;

  constructor(expression: RegExp) {
    this.expression = expression;
    this.#root = parseExpression(expression);
  }

  /** Runs as `exec` does, or, with `g`, to the end of the input. */
  run(text: string): Run {
    this.#chars = this.expression.unicode ? [...text] : text.split("");
    this.#steps = 0;
    let found: Run["found"];
    const last = this.expression.sticky ? 0 : this.#chars.length;
    try {
      for (let at = 0; at <= last; at++) {
        this.#groups = [];
        let end = -1;
        if (!this.#match(this.#root, at, (to) => (end = to) >= 0)) continue;
        found ??= [at, end];
        if (!this.expression.global) break;
        if (end > at) at = end - 1;
      }
    } catch (error) {
      if (!(error instanceof TooMuch)) throw error;
    }
    return { steps: this.#steps, found };
  }

  #match(node: Node, at: number, go: (at: number) => boolean): boolean {
    if (++this.#steps > MOST_STEPS) throw new TooMuch();
    switch (node.kind) {
      case "one": {
        const char = this.#chars[at];
        return char !== undefined && node.fits(char) && go(at + 1);
      }
      case "all":
        return this.#all(node.nodes, 0, at, go);
      case "either":
        return node.nodes.some((one) => this.#match(one, at, go));
      case "repeat":
        return this.#repeat(node, 0, at, go);
      case "group": {
        const before = this.#groups[node.index];
        const isMatch = this.#match(node.node, at, (end) => {
          this.#groups[node.index] = [at, end];
          return go(end);
        });
        if (!isMatch) this.#groups[node.index] = before;
        return isMatch;
      }
      case "ahead":
        return this.#match(node.node, at, () => true) !== node.isNot && go(at);
      case "again": {
        const [from, to] = this.#groups[node.index] ?? [0, 0];
        this.#steps += to - from;
        const isSame = this.#chars.slice(from, to)
          .every((char, i) => this.#chars[at + i] === char);
        return isSame && go(at + to - from);
      }
      case "at":
        return this.#isAt(node.where, at) && go(at);
    }
  }

  #all(
    nodes: readonly Node[],
    index: number,
    at: number,
    go: (at: number) => boolean,
  ): boolean {
    if (index === nodes.length) return go(at);
    const next = (to: number) => this.#all(nodes, index + 1, to, go);
    return this.#match(nodes[index]!, at, next);
  }

  #repeat(
    node: Node & { kind: "repeat" },
    count: number,
    at: number,
    go: (at: number) => boolean,
  ): boolean {
    const more = () =>
      count < node.max && this.#match(node.node, at, (to) => {
        // A round of nothing ends the rounds, as the language says.
        if (to === at && count >= node.min) return false;
        return this.#repeat(node, count + 1, to, go);
      });
    if (count < node.min) return more();
    return node.isLazy ? go(at) || more() : more() || go(at);
  }

  #isAt(where: "^" | "$" | "\\b" | "\\B", at: number): boolean {
    const { multiline } = this.expression;
    const [before, after] = [this.#chars[at - 1], this.#chars[at]];
    const isBreak = (char: string | undefined) =>
      char === undefined || multiline && /[\n\r\u2028\u2029]/.test(char);
    if (where === "^") return isBreak(before);
    if (where === "$") return isBreak(after);
    const isWord = (char: string | undefined) => /^\w$/.test(char ?? "");
    return (isWord(before) !== isWord(after)) === (where === "\\b");
  }
}

/** Characters of all kinds, and those of the expression itself. */
function candidatesFor({ source }: RegExp): string[] {
  return [...CANDIDATES, ...source];
}

/** One character for each set of characters that the expression does not tell apart. */
export function alphabetOf(expression: RegExp): string[] {
  const atoms: ((char: string) => boolean)[] = [];
  const collect = (node: Node): void => {
    if (node.kind === "one") atoms.push(node.fits);
    else if ("nodes" in node) node.nodes.forEach(collect);
    else if ("node" in node) collect(node.node);
  };
  collect(parseExpression(expression));
  const classes = new Map<string, string>();
  for (const char of candidatesFor(expression)) {
    const signature = atoms.map((fits) => fits(char) ? 1 : 0).join("");
    if (!classes.has(signature)) classes.set(signature, char);
  }
  return [...classes.values()];
}

/** A text that matches a part, and what stands before each of its repetitions. */
interface Sample {
  readonly text: string;
  readonly heads: readonly string[];
  readonly rounds: readonly string[];
}

/** Texts that match, one for each branch, each repetition gone through once. */
function samplesOf(
  node: Node,
  chars: readonly string[],
  head = "",
): Sample[] {
  switch (node.kind) {
    case "one": {
      const char = chars.find(node.fits);
      if (char === undefined) throw new Error("no candidate fits everywhere");
      return [{ text: head + char, heads: [], rounds: [] }];
    }
    case "all": {
      let all: Sample[] = [{ text: head, heads: [], rounds: [] }];
      for (const part of node.nodes) {
        all = all.flatMap((one) =>
          samplesOf(part, chars, one.text).map(({ text, heads, rounds }) => ({
            text,
            heads: [...one.heads, ...heads],
            rounds: [...one.rounds, ...rounds],
          }))
        );
      }
      return all;
    }
    case "either":
      return node.nodes.flatMap((one) => samplesOf(one, chars, head));
    case "group":
      return samplesOf(node.node, chars, head);
    case "repeat": {
      const times = Math.max(1, node.min);
      return samplesOf(node.node, chars, head).map(
        ({ text, heads, rounds }) => {
          const round = text.slice(head.length);
          return {
            text: head + round.repeat(times),
            heads: [head, ...heads],
            rounds: [round, ...rounds],
          };
        },
      );
    }
    default:
      return [{ text: head, heads: [], rounds: [] }];
  }
}

/** A family of inputs: `head`, `round` many times, `tail`. */
export interface Family {
  readonly head: string;
  readonly round: string;
  readonly tail: string;
}

/** Families of inputs that are dear if any are. */
export function* hostileFamilies(expression: RegExp): Generator<Family> {
  const samples = samplesOf(
    parseExpression(expression),
    candidatesFor(expression),
  );
  const alphabet = alphabetOf(expression);
  const heads = new Set(["", ...samples.flatMap(({ heads }) => heads)]);
  const rounds = new Set([
    ...alphabet,
    ...alphabet.flatMap((one) => alphabet.slice(0, 4).map((two) => one + two)),
    ...samples.flatMap(({ rounds }) => rounds),
  ]);
  for (const head of heads) {
    for (const round of rounds) {
      for (const tail of ["", ...alphabet.slice(0, 10)]) {
        yield { head, round, tail };
      }
    }
  }
}

/** A family of which twice as much costs more than twice as much, if there is any. */
export function dearFamily(expression: RegExp): Family | undefined {
  const engine = new Backtracking(expression);
  const stepsOf = ({ head, round, tail }: Family, times: number) =>
    engine.run(head + round.repeat(times * REPETITIONS) + tail).steps;
  for (const family of hostileFamilies(expression)) {
    const [once, twice, thrice] = [1, 2, 3]
      .map((times) => stepsOf(family, times)) as [number, number, number];
    // Along a line, equal parts cost the same; along a parabola, each costs more than the one
    // before, by at least the square of the repetitions.
    const surplus = (thrice - twice) - (twice - once);
    if (thrice > MOST_STEPS || surplus > REPETITIONS ** 2 / 4) return family;
  }
  return undefined;
}
