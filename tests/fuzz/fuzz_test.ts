/**
 * Everything that parses, with inputs that were valid before they were changed, and with inputs that
 * never were. `deno task fuzz` goes on for as long as one likes.
 */
import { assertRejects } from "@std/assert";
import fc from "fast-check";
import { propertyOptions, SEED, testsOf } from "../_testing.ts";
import { utf8 } from "../_chunks.ts";
import { faultOf, fuzz, type Target } from "./_fuzz.ts";
import { TARGETS } from "./_targets.ts";

const test = testsOf("fuzzing", {
  read: true,
  write: true,
  env: true,
  sys: true,
});

/** Bytes, text of all of Unicode, and JSON with odd keys and numbers. */
const anything = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.string({ unit: "binary", maxLength: 100 }).map(utf8),
  fc.json().map(utf8),
);

for (const target of TARGETS) {
  test(`${target.name} hold against what was valid once`, async () => {
    await fuzz(target, { seed: SEED, inputs: target.inputs });
  });

  test(`${target.name} hold against anything`, async () => {
    await fc.assert(
      fc.asyncProperty(anything, async (input) => {
        const fault = await faultOf(target, input);
        if (fault !== undefined) throw fault;
      }),
      propertyOptions(Math.min(200, target.inputs >> 3)),
    );
  });
}

const FRAGILE: Target = {
  name: "fragile",
  inputs: 1_000,
  seeds: [utf8("a valid input")],
  check(input) {
    const at = input.indexOf(0xff);
    if (at >= 0 && input.includes(0x61, at)) throw new RangeError("it broke");
  },
};

test("a fault is told with its seed and the shortest input that has it", async () => {
  await assertRejects(
    () => fuzz(FRAGILE, { seed: 7, inputs: 100_000 }),
    Error,
    "RangeError: it broke\ninput: ff61\n",
  );
});
