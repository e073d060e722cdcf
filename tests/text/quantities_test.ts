import { assertEquals } from "@std/assert";
import { bytesText, numberText, spanText } from "../../src/text/quantities.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("quantities");

test("have as many digits as tell something", () => {
  const shown = [0, 0.004, 0.3, 9.999, 12.34, 99.96, 123.4, 1_234_567.8]
    .map(numberText);
  assertEquals(shown, [
    ...["0", "0", "0.3", "10", "12.3", "100", "123", "1,234,568"],
  ]);
  // A server chooses what it says.
  assertEquals([1e15, -1e300, Infinity].map(numberText), [
    ...["1.0e+15", "-1.0e+300", "Infinity"],
  ]);
});

test("of bytes go up to the next unit where 1,024 would be shown", () => {
  const KIB = 2 ** 10;
  const shown = [0, 1_023, KIB, 1_536, KIB ** 2 - 1, 143 * KIB ** 2, KIB ** 4]
    .map(bytesText);
  assertEquals(shown, [
    ...["0 B", "1,023 B", "1 KiB", "1.5 KiB", "1 MiB", "143 MiB", "1 TiB"],
  ]);
  assertEquals(bytesText(KIB ** 5), "1,024 TiB");
});

test("of time have the two largest units", () => {
  const shown = [-5, 0, 999, 12_345, 60_000, 3_600_000, 86_400_000 * 400]
    .map(spanText);
  assertEquals(shown, ["0s", "0s", "0s", "12s", "1m", "1h", "400d"]);
  assertEquals(spanText(3 * 86_400_000 + 4 * 3_600_000 + 61_000), "3d 4h");
  // What is between them is left out, not made up for.
  assertEquals(spanText(86_400_000 + 60_000), "1d");
});
