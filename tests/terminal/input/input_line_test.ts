import { assertEquals } from "@std/assert";
import type { Completions } from "../../../src/terminal/input/completion.ts";
import { InputLine } from "../../../src/terminal/input/input_line.ts";
import { KeyDecoder } from "../../../src/terminal/input/keys.ts";
import { testsOf } from "../../_testing.ts";

const test = testsOf("input line");

const KNOWN: Completions = {
  commands: [
    { name: "join", args: "ROOM" },
    { name: "ignore", args: "[NAME or SHA256:…]" },
    { name: "invite", args: "NAME" },
  ],
  people: ["bob", "Bonnie", "carol"],
  places: [],
  rooms: () => ["lobby", "dev"],
};

const UP = "\x1b[A";
const DOWN = "\x1b[B";
const TAB = "\t";
const BACK_TAB = "\x1b[Z";
const SEARCH = "\x12";

class Line {
  readonly line = new InputLine(() => KNOWN);
  readonly #decoder = new KeyDecoder();
  actions: string[] = [];

  /** Types, and gives the text with the cursor shown. */
  type(text: string): string {
    for (const key of this.#decoder.push(new TextEncoder().encode(text))) {
      const action = this.line.press(key);
      if (action === "enter") this.line.sent();
      else if (action !== undefined) this.actions.push(action);
    }
    const { before, text: all } = this.line.editor;
    return `${before}|${all.slice(before.length)}`;
  }
}

test("goes through what was sent, and back to what was being typed", () => {
  const line = new Line();
  line.type("one\rtwo\rthr");
  assertEquals(line.type(UP), "two|");
  assertEquals(line.type(UP), "one|");
  assertEquals(line.type(UP), "one|");
  assertEquals(line.type(DOWN + DOWN), "thr|");
  assertEquals(line.type(DOWN), "thr|");
});

test("up and down stay within a text of several lines while they can", () => {
  const line = new Line();
  line.type("old\r");
  assertEquals(line.type("first\x1b\rse"), "first\nse|");
  assertEquals(line.type(UP), "fi|rst\nse");
  assertEquals(line.type(UP), "old|");
  assertEquals(line.type(DOWN), "first\nse|");
});

test("searches backwards, on and on, and takes up what was found", () => {
  const line = new Line();
  line.type("deploy one\rstatus\rdeploy two\rdraft");
  assertEquals(line.type(`${SEARCH}dep`), "deploy two|");
  assertEquals(line.line.hints, ["search: dep"]);
  assertEquals(line.type(SEARCH), "deploy one|");
  assertEquals(line.type(SEARCH), "deploy one|");
  assertEquals(line.type("\x05!"), "deploy one!|");
  assertEquals(line.line.hints, []);
});

test("a search that is given up leaves what was typed", () => {
  const line = new Line();
  line.type("one\rdraft");
  assertEquals(line.type(`${SEARCH}nothing`), "draft|");
  assertEquals(line.line.hints, ["search: not found: nothing"]);
  assertEquals(line.type(`\x7f\x07`), "draft|");
  assertEquals(line.line.hints, []);
});

test("Tab completes commands, and goes through several", () => {
  const line = new Line();
  assertEquals(line.type(`/jo${TAB}`), "/join |");
  assertEquals(line.type(`d${TAB}`), "/join dev |");
  line.type("\x15");
  assertEquals(line.type(`/i${TAB}`), "/i|");
  assertEquals(line.line.hints, ["/ignore  /invite"]);
  assertEquals(line.type(TAB), "/ignore |");
  assertEquals(line.type(TAB), "/invite |");
  assertEquals(line.type(TAB), "/ignore |");
  assertEquals(line.type(BACK_TAB), "/invite |");
});

test("Tab completes names, at the beginning with a colon", () => {
  const line = new Line();
  assertEquals(line.type(`ca${TAB}`), "carol: |");
  assertEquals(line.type(`ask @ca${TAB}`), "carol: ask @carol |");
  assertEquals(line.type(`bO${TAB}`), "carol: ask @carol bO|");
  assertEquals(line.type(TAB), "carol: ask @carol bob |");
});

test("Tab in the middle of a line leaves the rest of it", () => {
  const line = new Line();
  line.type("hi car and all");
  line.type("\x1bb\x1bb\x02");
  assertEquals(line.type(TAB), "hi carol |and all");
});

test("Tab completes emoji and settings", () => {
  const line = new Line();
  assertEquals(line.type(`so :tad${TAB}`), "so :tada: |");
  line.type("\x15");
  assertEquals(line.type(`/set b${TAB}`), "/set bell |");
  assertEquals(line.type(`o${TAB}`), "/set bell off |");
});

test("a paste goes in whole and is not sent", () => {
  const line = new Line();
  assertEquals(
    line.type("a\x1b[200~one\rtwo\x1b[31m\r\x1b[201~b"),
    "aone\ntwo[31m\nb|",
  );
  assertEquals(line.actions, []);
});

test("Ctrl+D leaves an empty line, and Ctrl+C where it was said that it does", () => {
  const line = new Line();
  line.type("x\x01\x04");
  assertEquals(line.actions, []);
  line.type("y\x03");
  assertEquals(line.actions, ["clear"]);
  line.line.clear("again");
  assertEquals(line.line.hints, ["again"]);
  line.type("\x03");
  line.type("\x04");
  assertEquals(line.actions, ["clear", "leave", "leave"]);
  assertEquals(line.type("\x19"), "y|");
  line.type("\x15");
  line.actions = [];
  line.type("\x03");
  line.line.askLeave("again");
  assertEquals(line.line.hints, ["again"]);
  line.type("\x05");
  assertEquals(line.line.hints, []);
  line.type("\x03");
  line.line.askLeave("again");
  line.type("\x03");
  assertEquals(line.actions, ["ask-leave", "ask-leave", "leave"]);
});

test("a Ctrl+C that brings a line back, or ends a search, is none of the two that leave", () => {
  const line = new Line();
  line.line.putAside("/go ");
  line.type("\x03");
  line.line.clear("again");
  assertEquals([line.line.editor.text, line.line.hints], ["", []]);
  line.type("\x03");
  line.line.askLeave("again");
  line.type(SEARCH + "\x03");
  line.type("\x03");
  assertEquals(line.actions, ["clear", "ask-leave", "ask-leave"]);
});

test("keys that are not the line's own come out by their names", () => {
  const line = new Line();
  line.type("\x0e\x10\x1ba\x1b3");
  assertEquals(line.actions, ["ctrl+n", "ctrl+p", "alt+a", "alt+3"]);
});
