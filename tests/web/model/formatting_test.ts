import { assertEquals } from "@std/assert";
import { type Mark, toggleMark } from "../../../src/web/model/formatting.ts";

/** The text with the selection between `[` and `]`, after marks were set or taken away. */
function toggled(written: string, mark: Mark): string {
  const start = written.indexOf("[");
  const end = written.indexOf("]") - 1;
  const text = written.replace(/[[\]]/g, "");
  const { from, to, insert, selected } = toggleMark(text, start, end, mark);
  const changed = text.slice(0, from) + insert + text.slice(to);
  const [first, last] = selected;
  return `${changed.slice(0, first)}[${changed.slice(first, last)}]${
    changed.slice(last)
  }`;
}

Deno.test("marks stand right beside the words, and are taken away again", () => {
  const cases: [string, Mark, string][] = [
    ["a [bold] word", "*", "a *[bold]* word"],
    ["a *[bold]* word", "*", "a [bold] word"],
    ["a [*bold*] word", "*", "a [bold] word"],
    ["a[ bold ]word", "*", "a *[bold]* word"],
    ["a []word", "_", "a _[]_word"],
    ["a _[]_word", "_", "a []word"],
    ["[two\nlines]", "`", "`[two\nlines]`"],
    ["*[bold]*", "_", "*_[bold]_*"],
    ["[*]", "*", "*[*]*"],
    ["a[  ]b", "*", "a*[  ]*b"],
  ];
  for (const [before, mark, after] of cases) {
    assertEquals(toggled(before, mark), after, before);
  }
});
