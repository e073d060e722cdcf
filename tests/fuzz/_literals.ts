/** Finds the regular expressions in TypeScript, by its tokens. */

const SPACE = /(?:\s+|\/\/.*|\/\*[^]*?\*\/)+/y;
const STRING = /"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'/y;
const WORD = /[\p{ID_Continue}$#@]+/uy;
const LITERAL = /\/((?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([a-z]*)/y;
/** Up to the next `${`, or the end. */
const TEMPLATE = /(?:[^`\\$]|\\[^]|\$(?!\{))*/y;
/** What no value ends with: a slash behind it begins an expression. */
const BEFORE_VALUE = new Set([
  ..."([{,;=:?!&|+-*%<>~^",
  ..."return typeof case of in do else void delete throw new await yield"
    .split(" "),
]);

/** The literals of a file, and `new RegExp` for each that is made at run time. */
export function expressionsIn(code: string): string[] {
  const found: string[] = [];
  /** Of each template that is open, how many braces are open in its expression. */
  const templates: number[] = [];
  let at = 0;
  let before = "(";
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(code);
    at += match?.[0].length ?? 0;
    return match;
  };
  const inTemplate = () => {
    take(TEMPLATE);
    if (code[at] === "$") {
      templates.push(0);
      at += 2;
      before = "(";
    } else {
      at++;
      before = ")";
    }
  };
  while (at < code.length) {
    if (take(SPACE) !== null) continue;
    if (take(STRING) !== null) {
      before = ")";
      continue;
    }
    const word = take(WORD)?.[0];
    if (word !== undefined) {
      if (word === "RegExp" && /^\s*\(/.test(code.slice(at))) {
        found.push("new RegExp");
      }
      before = word;
      continue;
    }
    const char = code[at]!;
    const literal = char === "/" && BEFORE_VALUE.has(before)
      ? take(LITERAL)
      : null;
    if (literal !== null) {
      found.push(literal[0]);
      before = ")";
      continue;
    }
    at++;
    before = char;
    if (char === "`") inTemplate();
    else if (char === "{" && templates.length > 0) {
      templates[templates.length - 1]!++;
    } else if (char === "}" && templates.length > 0) {
      if (templates.at(-1)! > 0) templates[templates.length - 1]!--;
      else {
        templates.pop();
        inTemplate();
      }
    }
  }
  return found;
}
