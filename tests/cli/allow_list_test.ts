import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ConfabError } from "../../src/base/errors.ts";
import { NO_LOG } from "../../src/base/log.ts";
import { AllowList, parseAllowList } from "../../src/cli/allow_list.ts";
import { FakeClock } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("allow-list", { read: true, write: true });

const ANN = "SHA256:GjIf5rj9HhFvAKtEYDHntmMFCf4kZUtPfJRq+kauYXQ";
const BOB = "SHA256:mk85lmyWzKzral7mZGyLi11ovoVs9GWQnYYrnTXGjEE";

test("holds a fingerprint a line, besides comments and empty lines", () => {
  const text = `\ufeff# friends\r\n\r\n  ${ANN}=  # ann\n\t\n${BOB}\n${ANN}`;
  assertEquals(parseAllowList(text), [ANN, BOB]);
  assertEquals(parseAllowList(""), []);
});

test("says which line is something else", () => {
  for (const wrong of ["ann", ANN.slice(0, -1), `${ANN} ${BOB}`, "SHA256:"]) {
    const read = () => parseAllowList(`${ANN}\n\n${wrong}\n`);
    assertThrows(read, ConfabError, "line 3: ");
  }
  // Eight words are 88 bits of a key: enough to read aloud, not to let in.
  const words = "olympic-keep-grain-summer-holiday-filter-pumpkin-envelope";
  assertThrows(() => parseAllowList(words), ConfabError, "whole fingerprint");
});

/** A list in a file, the clock of who looks at it, and what was noticed. */
async function watched(
  fn: (it: {
    path: string;
    /** A second goes by, and what is looked at then is seen. */
    second: () => Promise<void>;
    noticed: (string | readonly string[])[];
    /** How often it cannot be taken in. */
    fail: { times: number };
  }) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempFile({ prefix: "confab-allowed-" });
  try {
    await Deno.writeTextFile(path, ANN);
    const clock = new FakeClock();
    const noticed: (string | readonly string[])[] = [];
    const log = {
      ...NO_LOG,
      warn: (event: string) => void noticed.push(event),
    };
    const fail = { times: 0 };
    const onChange = (keys: readonly string[]) => {
      if (fail.times === 0) return void noticed.push(keys);
      fail.times--;
      throw new ConfabError("store", "the disk is gone");
    };
    await using list = await AllowList.open({ path, clock, log, onChange });
    assertEquals(list.keys, [ANN]);
    list.watch();
    const second = async () => {
      clock.advance(1_000);
      await list.looked;
    };
    await fn({ path, second, noticed, fail });
  } finally {
    await Deno.remove(path).catch(() => {});
  }
}

test("is read again when it has changed, and once", () =>
  watched(async ({ path, second, noticed }) => {
    await second();
    await Deno.writeTextFile(path, `${ANN}\n${BOB}\n`);
    await second();
    assertEquals(noticed, []); // it might be half written
    await second();
    assertEquals(noticed, [[ANN, BOB]]);
    await second();
    await second();
    assertEquals(noticed.length, 1);
  }));

test("is not read while it is being written", () =>
  watched(async ({ path, second, noticed }) => {
    for (const part of ["", `${ANN}\n`, `${ANN}\n${BOB}`]) {
      await Deno.writeTextFile(path, part);
      await second();
    }
    assertEquals(noticed, []);
    await second();
    assertEquals(noticed, [[ANN, BOB]]);
  }));

test("holds on when it is broken or gone, which is said once, and comes back", () =>
  watched(async ({ path, second, noticed }) => {
    const broken = "allow-list not read: the one before holds on";
    await Deno.writeTextFile(path, "nonsense");
    for (let n = 0; n < 4; n++) await second();
    await Deno.remove(path);
    for (let n = 0; n < 4; n++) await second();
    assertEquals(noticed, [broken, broken]);
    await Deno.writeTextFile(path, BOB);
    for (let n = 0; n < 2; n++) await second();
    assertEquals(noticed, [broken, broken, [BOB]]);
  }));

test("is taken in as soon as the server can, which is said once", () =>
  watched(async ({ path, second, noticed, fail }) => {
    fail.times = 3;
    // Of another length: a time of a file is only so fine.
    await Deno.writeTextFile(path, `${BOB}\n`);
    for (let n = 0; n < 8; n++) await second();
    const broken = "allow-list not read: the one before holds on";
    assertEquals(noticed, [broken, [BOB]]);
    assertEquals(fail.times, 0);
  }));

test("that cannot be read is none to start with", async () => {
  const options = {
    ...{ clock: new FakeClock(), log: NO_LOG, onChange: () => {} },
    path: "/nowhere/allowed",
  };
  await assertRejects(
    () => AllowList.open(options),
    ConfabError,
    "/nowhere/allowed",
  );
});
