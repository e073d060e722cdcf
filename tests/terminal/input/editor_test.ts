import { assertEquals } from "@std/assert";
import { act } from "../../../src/terminal/input/editor_actions.ts";
import {
  Editor,
  INPUT_MAX_CODE_POINTS,
} from "../../../src/terminal/input/editor.ts";
import { testsOf } from "../../_testing.ts";

const test = testsOf("editor");

/** An editor whose cursor stands at the `|`. */
function editing(text: string): Editor {
  const editor = new Editor();
  const at = text.indexOf("|");
  editor.set(text.replace("|", ""), text.slice(0, at));
  return editor;
}

/** The text with the cursor shown, after actions. */
function after(text: string, ...actions: string[]): string {
  const editor = editing(text);
  for (const action of actions) act(editor, action);
  return shown(editor);
}

function shown(editor: Editor): string {
  return `${editor.before}|${editor.text.slice(editor.before.length)}`;
}

test("moves by characters, words and lines", () => {
  assertEquals(after("ab|c", "left"), "a|bc");
  assertEquals(after("ab|c", "right", "right"), "abc|");
  assertEquals(after("one two-three|", "word-left"), "one two-|three");
  assertEquals(after("one| two, three", "word-right"), "one two|, three");
  assertEquals(after("one\ntw|o", "line-start"), "one\n|two");
  assertEquals(after("on|e\ntwo", "line-end"), "one|\ntwo");
  assertEquals(after("one\ntw|o", "text-start"), "|one\ntwo");
});

test("moves over what a person takes for one character", () => {
  assertEquals(after("x👨‍👩‍👧‍👦|", "left"), "x|👨‍👩‍👧‍👦");
  assertEquals(after("xq\u0301|", "backspace"), "x|");
  assertEquals(after("|🇩🇪x", "delete"), "|x");
});

test("what joins its neighbour takes the cursor along", () => {
  const editor = editing("👨|👧");
  editor.insert("\u200d");
  assertEquals(shown(editor), "👨\u200d👧|");
});

test("kills and yanks", () => {
  assertEquals(
    after("one two| three", "kill-to-end", "yank"),
    "one two three|",
  );
  assertEquals(after("one two| three", "kill-to-start"), "| three");
  assertEquals(after("one two/x|", "kill-argument-back"), "one |");
  assertEquals(after("one two/x|", "kill-word-back"), "one two/|");
  assertEquals(after("|one two", "kill-word"), "| two");
  assertEquals(after("a|\nb", "kill-to-end"), "a|b");
});

test("kills in a row are one, others are yanked in their turn", () => {
  assertEquals(
    after("one two three|", "kill-argument-back", "kill-argument-back", "yank"),
    "one two three|",
  );
  const editor = editing("first second|");
  act(editor, "kill-argument-back");
  act(editor, "text-start");
  act(editor, "kill-word");
  act(editor, "yank");
  assertEquals(shown(editor), "first| ");
  act(editor, "yank-other");
  assertEquals(shown(editor), "second| ");
  act(editor, "yank-other");
  assertEquals(shown(editor), "first| ");
});

test("transposes, and changes the case of words", () => {
  assertEquals(after("ab|c", "transpose"), "acb|");
  assertEquals(after("abc|", "transpose"), "acb|");
  assertEquals(after("|hello world", "upcase"), "HELLO| world");
  assertEquals(after("|hELLO world", "capitalize"), "Hello| world");
});

test("undoes typing by words, other changes one by one", () => {
  const editor = new Editor();
  for (const char of "one two") editor.insert(char, "type");
  act(editor, "kill-word-back");
  act(editor, "undo");
  assertEquals(editor.text, "one two");
  act(editor, "undo");
  assertEquals(editor.text, "one");
  act(editor, "undo");
  assertEquals(editor.text, "");
});

test("takes no more than it should, and says so", () => {
  const editor = new Editor();
  assertEquals(editor.insert("x".repeat(INPUT_MAX_CODE_POINTS)), true);
  assertEquals(editor.insert("y"), false);
  assertEquals(editor.text.length, INPUT_MAX_CODE_POINTS);
});
