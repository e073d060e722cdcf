import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Key, KeyDecoder } from "../../../src/terminal/input/keys.ts";
import { propertyOptions, testsOf } from "../../_testing.ts";

const test = testsOf("keys");
const encoder = new TextEncoder();

function decode(...parts: string[]): Key[] {
  const decoder = new KeyDecoder();
  return parts.flatMap((part) => decoder.push(encoder.encode(part)));
}

/** Names of keys; text in quotes. */
function names(...parts: string[]): string[] {
  return decode(...parts).map((key) =>
    key.kind === "key"
      ? key.name
      : key.kind === "cursor"
      ? `${key.row};${key.column}`
      : key.kind === "ground"
      ? `ground ${key.color}`
      : key.kind === "attributes"
      ? key.kind
      : `${key.kind} ${JSON.stringify(key.text)}`
  );
}

test("text and control characters come in order", () => {
  assertEquals(names("hi\x01 there\r"), [
    'text "hi"',
    "ctrl+a",
    'text " there"',
    "enter",
  ]);
  assertEquals(names("\t\x7f\b\n\x00\x1f\x1a"), [
    "tab",
    "backspace",
    "ctrl+h",
    "enter",
    "ctrl+space",
    "ctrl+_",
    "ctrl+z",
  ]);
});

test("sequences of cursor keys, with modifiers and in application mode", () => {
  assertEquals(names("\x1b[A\x1bOB\x1b[1;5C\x1b[1;3D\x1b[3~\x1b[H\x1b[4~"), [
    "up",
    "down",
    "ctrl+right",
    "alt+left",
    "delete",
    "home",
    "end",
  ]);
  assertEquals(names("\x1b[Z\x1b[3;5~\x1b\x1b[D"), [
    "shift+tab",
    "ctrl+delete",
    "alt+left",
  ]);
});

test("a key with Alt in application mode may be split anywhere", () => {
  for (const parts of [["\x1b\x1bO", "A"], ["\x1b", "\x1b", "O", "A"]]) {
    assertEquals(names(...parts), ["alt+up"]);
  }
  // Nothing has followed: somebody typed two keys.
  const decoder = new KeyDecoder();
  assertEquals(decoder.push(encoder.encode("\x1b\x1bO")), []);
  assertEquals(decoder.flush().map((key) => "name" in key && key.name), [
    "escape",
    "alt+o",
  ]);
});

test("every character is typed, wherever the bytes are split", () => {
  assertEquals(names("a", "\ufeffb"), ['text "a"', 'text "\ufeffb"']);
});

test("escape and a character is the character with Alt", () => {
  assertEquals(names("\x1bb\x1bA\x1b\r\x1b\x7f\x1b1\x1b<"), [
    "alt+b",
    "alt+a",
    "alt+enter",
    "alt+backspace",
    "alt+1",
    "alt+<",
  ]);
});

test("keys of the kitty protocol and of xterm's modifyOtherKeys", () => {
  assertEquals(names("\x1b[13;2u\x1b[27;3;13~\x1b[97;5u"), [
    "shift+enter",
    "alt+enter",
    "ctrl+a",
  ]);
});

test("a lone escape is a key when nothing follows", () => {
  const decoder = new KeyDecoder();
  assertEquals(decoder.push(encoder.encode("\x1b")), []);
  assertEquals(decoder.isWaiting, true);
  assertEquals(decoder.flush(), [{ kind: "key", name: "escape" }]);
  assertEquals(decoder.isWaiting, false);
  decoder.push(encoder.encode("\x1b["));
  assertEquals(decoder.flush(), [{ kind: "key", name: "alt+[" }]);
});

test("a bracketed paste comes whole, its line ends as line feeds", () => {
  assertEquals(decode("a\x1b[200~one\rtwo\r\nthree\x1b", "[201~b"), [
    { kind: "text", text: "a" },
    { kind: "paste", text: "one\ntwo\nthree" },
    { kind: "text", text: "b" },
  ]);
});

test("a paste without end takes no memory without end", () => {
  const decoder = new KeyDecoder();
  decoder.push(encoder.encode("\x1b[200~"));
  const chunk = encoder.encode("x".repeat(50_000));
  for (let n = 0; n < 20; n++) decoder.push(chunk);
  const [key] = decoder.push(encoder.encode("\x1b[201~"));
  assertEquals(key?.kind === "paste" && key.text.length, 200_000);
});

test("answers and sequences that mean no key are passed over", () => {
  assertEquals(names("\x1b]10;rgb:00/00/00\x07a\x1bP1$r0m\x1b\\b"), [
    'text "a"',
    'text "b"',
  ]);
  assertEquals(names("\x1b[?2004;1$yx\x1b[200zy"), ['text "x"', 'text "y"']);
  assertEquals(names(`\x1b[${"1".repeat(100)}`, "a"), ['text "a"']);
});

test("the place of the cursor is told from a key", () => {
  assertEquals(names("\x1b[12;40R"), ["12;40"]);
});

test("however the bytes are split, the keys are the same", () => {
  const text = "é🐌\x1b[1;5C\x1bb\x1b[200~pä\rste\x1b[201~\x1bOA\r日本";
  const bytes = encoder.encode(text);
  const whole = joined(new KeyDecoder().push(bytes));
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 9 }),
      (cuts) => {
        const decoder = new KeyDecoder();
        const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const keys = at.slice(1).flatMap((end, n) =>
          decoder.push(bytes.subarray(at[n], end))
        );
        assertEquals(joined(keys), whole);
      },
    ),
    propertyOptions(200),
  );
});

/** Neighbouring texts as one: a split may divide them. */
function joined(keys: readonly Key[]): Key[] {
  const all: Key[] = [];
  for (const key of keys) {
    const last = all.at(-1);
    if (key.kind === "text" && last?.kind === "text") {
      all[all.length - 1] = { kind: "text", text: last.text + key.text };
    } else all.push(key);
  }
  return all;
}

test("what the terminal says of its ground is heard however it comes, and is never text", () => {
  const answer = "\x1b]11;rgb:1e1e/1e1e/1e1e";
  const heard = ["ground rgb:1e1e/1e1e/1e1e"];
  for (const end of ["\x07", "\x1b\\"]) {
    assertEquals(names(answer + end), heard);
    assertEquals(names(...`${answer}${end}`), heard);
    const whole = `${answer}${end}`;
    for (let at = 1; at < whole.length; at++) {
      // So much later that what was held was taken for all there is.
      const decoder = new KeyDecoder();
      const parts = [whole.slice(0, at), whole.slice(at)];
      const keys = parts.flatMap((part) => [
        ...decoder.push(encoder.encode(part)),
        ...decoder.flush(),
      ]);
      const kinds = keys.map(({ kind }) => kind);
      assertEquals(kinds.at(-1), "ground", `cut at ${at}`);
      assert(!kinds.includes("text"), `cut at ${at}`);
    }
  }
  assertEquals(names("\x1b[?62;22c", "a"), ["attributes", 'text "a"']);
});

test("the rest of an answer or a key that comes late is no text, what is typed after Alt+[ is", () => {
  for (const whole of ["\x1b[?62;22c", "\x1b[12;40R", "\x1b[5~", "\x1b[1;5C"]) {
    for (let at = 3; at < whole.length; at++) {
      const decoder = new KeyDecoder();
      const [begin, rest] = [whole.slice(0, at), whole.slice(at)];
      const keys = [begin, rest, "a"].flatMap((part) => [
        ...decoder.push(encoder.encode(part)),
        ...decoder.flush(),
      ]);
      assertEquals(keys.length, 2, `${JSON.stringify(whole)} cut at ${at}`);
      assertEquals(keys[1], { kind: "text", text: "a" });
    }
  }
  const decoder = new KeyDecoder();
  decoder.push(encoder.encode("\x1b["));
  assertEquals(decoder.flush(), [{ kind: "key", name: "alt+[" }]);
  const typed = decoder.push(encoder.encode("5"));
  assertEquals(typed, [{ kind: "text", text: "5" }]);
});

test("what a person types after an escape is text, though it begins like an answer", () => {
  for (
    const [held, typed] of [["\x1b", "]"], ["\x1b]", "1"], ["\x1b]1", "2"]]
  ) {
    const decoder = new KeyDecoder();
    decoder.push(encoder.encode(held));
    decoder.flush();
    const [key] = decoder.push(encoder.encode(typed));
    assertEquals(key, { kind: "text", text: typed! });
  }
});
