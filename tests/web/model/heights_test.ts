import { assertEquals } from "@std/assert";
import { Heights } from "../../../src/web/model/heights.ts";

function rows(...keys: string[]) {
  return { length: keys.length, keyAt: (index: number) => keys[index]! };
}

Deno.test("rows stand below each other as high as they were measured or guessed", () => {
  const heights = new Heights(10);
  heights.sync(rows("a", "b", "c", "d", "e"));
  assertEquals([heights.total, heights.top(3)], [50, 30]);
  assertEquals(heights.measure(1, 25), true);
  assertEquals(heights.measure(1, 25), false);
  heights.measure(3, 0);
  assertEquals([0, 1, 2, 3, 4, 5].map((at) => heights.top(at)), [
    ...[0, 10, 35, 45, 45, 55],
  ]);
  // By hand: a 0–10, b 10–35, c 35–45, d nothing, e 45–55.
  assertEquals(
    [-5, 0, 9, 10, 34, 35, 44, 45, 54, 55, 900].map((top) =>
      heights.indexAt(top)
    ),
    [0, 0, 0, 1, 1, 2, 2, 4, 4, 4, 4],
  );
});

Deno.test("a height belongs to its row, wherever that comes to stand", () => {
  const heights = new Heights(10);
  heights.sync(rows("c", "d"));
  heights.measure(0, 30);
  heights.sync(rows("c", "d", "e"));
  assertEquals([heights.top(1), heights.total], [30, 50]);
  heights.sync(rows("a", "b", "c", "d", "e"));
  assertEquals([heights.top(2), heights.top(3), heights.total], [20, 50, 70]);
  assertEquals(heights.indexOf("c"), 2);
  assertEquals(heights.indexOf("c", 2), 2);
  heights.sync(rows("d"));
  assertEquals([heights.total, heights.indexOf("c")], [10, -1]);
  heights.sync(rows());
  assertEquals([heights.total, heights.indexAt(5)], [0, 0]);
});

Deno.test("many rows agree with a sum of them, after any changes", () => {
  const heights = new Heights(7);
  const keys = Array.from({ length: 1_000 }, (_, at) => `k${at}`);
  const plain = keys.map(() => 7);
  heights.sync(rows(...keys.slice(0, 600)));
  heights.sync(rows(...keys));
  for (let step = 0; step < 2_000; step++) {
    const at = (step * 7_919) % 1_000;
    plain[at] = (step * 31) % 57;
    heights.measure(at, plain[at]!);
  }
  let top = 0;
  for (const [at, height] of plain.entries()) {
    assertEquals(heights.top(at), top);
    if (height > 0) assertEquals(heights.indexAt(top + height / 2), at);
    top += height;
  }
  assertEquals(heights.total, top);
});
