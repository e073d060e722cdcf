import { assertEquals } from "@std/assert";
import type { Key } from "../../../src/terminal/input/keys.ts";
import { PasteGuard } from "../../../src/terminal/input/paste_guard.ts";
import { testsOf } from "../../_testing.ts";

const test = testsOf("paste guard");

const ENTER: Key = { kind: "key", name: "enter" };
const text = (text: string): Key => ({ kind: "text", text });

test("lines within one read are a paste, and so is what follows at once", () => {
  const guard = new PasteGuard();
  const keys = [text("one"), ENTER, text("two"), ENTER];
  assertEquals(guard.guard(keys, 0), [{ kind: "paste", text: "one\ntwo\n" }]);
  assertEquals(guard.guard([text("three"), ENTER], 40), [
    { kind: "paste", text: "three\n" },
  ]);
  assertEquals(guard.guard([ENTER], 200), [ENTER]);
});

test("a line and Enter are typed, however fast", () => {
  const guard = new PasteGuard();
  const keys = [text("one"), ENTER];
  assertEquals(guard.guard(keys, 0), keys);
});

test("a terminal that marks its pastes is believed", () => {
  const guard = new PasteGuard();
  guard.guard([{ kind: "paste", text: "x" }], 0);
  const keys = [text("one"), ENTER, text("two"), ENTER];
  assertEquals(guard.guard(keys, 0), keys);
});

test("other keys among them are no paste", () => {
  const keys = [text("a"), ENTER, { kind: "key", name: "up" } as const];
  assertEquals(new PasteGuard().guard(keys, 0), keys);
});
