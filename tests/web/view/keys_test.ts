import { assertEquals } from "@std/assert";
import { actionOf, chordOf } from "../../../src/web/view/keys.ts";

const NONE = { altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };
const ALT = { ...NONE, altKey: true };
const CTRL = { ...NONE, ctrlKey: true };
const SHIFT = { ...NONE, shiftKey: true };

Deno.test("a chord is named by its letter, or its place where Alt makes it another sign", () => {
  const chords = [
    [{ ...CTRL, key: "k", code: "KeyK" }, "mod+k"],
    // The layout says which letter it is.
    [{ ...CTRL, key: "k", code: "KeyV" }, "mod+k"],
    [{ ...CTRL, shiftKey: true, key: "F", code: "KeyF" }, "mod+shift+f"],
    // A sign that needs Shift on some keyboards.
    [{ ...CTRL, shiftKey: true, key: "/", code: "Digit7" }, "mod+/"],
    [{ ...ALT, key: "1", code: "Digit1" }, "alt+1"],
    [{ ...ALT, key: "&", code: "Digit1" }, "alt+1"],
    [
      { ...ALT, shiftKey: true, key: "ArrowUp", code: "ArrowUp" },
      "alt+shift+ArrowUp",
    ],
    [{ ...SHIFT, key: "A", code: "KeyA" }, "shift+a"],
    // AltGr types.
    [{ ...ALT, ctrlKey: true, key: "@", code: "KeyQ" }, "mod+alt+q"],
  ] as const;
  for (const [event, chord] of chords) {
    assertEquals(chordOf(event, false), chord);
  }
  const command = { ...NONE, metaKey: true, key: "k", code: "KeyK" };
  assertEquals(chordOf(command, true), "mod+k");
  assertEquals(chordOf(command, false), "meta+k");
  const control = { ...CTRL, key: "2", code: "Digit2" };
  assertEquals(chordOf(control, true), "ctrl+2");
});

Deno.test("what a browser keeps to itself is left to it", () => {
  for (const key of ["n", "t", "w", "p", "r", "f", "l"]) {
    const event = { ...CTRL, key, code: `Key${key.toUpperCase()}` };
    assertEquals(actionOf(event), undefined, key);
  }
  assertEquals(actionOf({ ...ALT, key: "3", code: "Digit3" }), "place-3");
  assertEquals(actionOf({ ...CTRL, key: "k", code: "KeyK" }), "switcher");
});
