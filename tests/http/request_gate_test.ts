import { assertEquals } from "@std/assert";
import {
  type GateFault,
  headEnd,
  RequestGate,
} from "../../src/http/request_gate.ts";
import { utf8 } from "../_chunks.ts";
import { eventLoopTurn, FakeClock } from "../_fake_clock.ts";
import { memoryPair } from "../_memory_transport.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("request gate");
const HEAD = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

test("finds the end of a head, and what is none", () => {
  assertEquals(headEnd(utf8("")), 0);
  assertEquals(headEnd(utf8(HEAD.slice(0, -1))), 0);
  assertEquals(headEnd(utf8(HEAD)), 27);
  assertEquals(headEnd(utf8(`${HEAD}GET`)), 27);
  assertEquals(headEnd(utf8("GET / HTTP/1.1\nHost: a\n\n")), "malformed");
  assertEquals(headEnd(utf8("GET / HTTP/1.1\r\nHost: a\n\r\n")), "malformed");
});

test("takes 64 lines of 8,192 bytes, and no more", () => {
  const lines = (count: number) => `${"a: b\r\n".repeat(count)}\r\n`;
  assertEquals(headEnd(utf8(lines(64))), 386);
  assertEquals(headEnd(utf8(lines(65))), "too-large");
  const long = (bytes: number) => `${"x".repeat(bytes - 4)}\r\n\r\n`;
  assertEquals(headEnd(utf8(long(8_192))), 8_192);
  assertEquals(headEnd(utf8(long(8_193))), "too-large");
  assertEquals(headEnd(utf8("x".repeat(8_191))), 0);
});

test("takes for malformed what begins with a line's end", () => {
  for (const text of ["\r\n\r\n", "\r\r\n\r\n", "\n", "\n\n"]) {
    assertEquals(headEnd(utf8(text)), "malformed", JSON.stringify(text));
  }
  assertEquals(headEnd(utf8("\r")), 0);
});

/** A gate, what feeds it, and what was wrong. */
function stage() {
  const clock = new FakeClock();
  const [near, far] = memoryPair();
  const faults: GateFault[] = [];
  const gate = new RequestGate(near[Symbol.asyncIterator](), {
    clock,
    onFault: (fault) => void faults.push(fault),
  });
  const text = async () => {
    const { value } = await gate.next();
    return value && new TextDecoder().decode(value);
  };
  return { clock, near, far, faults, gate, text };
}

test("gives one request at a time, whatever came with it", async () => {
  const { far, gate, text, near } = stage();
  await far.write(utf8(`${HEAD}${HEAD.replace("/", "/2")}GET`));
  assertEquals(await text(), HEAD);
  let next: string | undefined;
  const asking = text().then((head) => next = head);
  for (let n = 0; n < 5; n++) await eventLoopTurn();
  assertEquals(next, undefined);
  gate.answered();
  await asking;
  assertEquals(next, HEAD.replace("/", "/2"));
  near.close();
});

test("passes over one empty line in front of a request, in pieces, too", async () => {
  const { far, faults, gate, text, near } = stage();
  await far.write(utf8(HEAD));
  assertEquals(await text(), HEAD);
  gate.answered();
  const asking = text();
  for (const part of ["\r", "\n", HEAD, "\r\n\r", "\n"]) {
    await far.write(utf8(part));
    await eventLoopTurn();
  }
  assertEquals(await asking, HEAD);
  gate.answered();
  assertEquals([await text(), faults], [undefined, ["malformed"]]);
  near.close();
});

test("lets everything through from when it is opened", async () => {
  const { far, gate, text, near } = stage();
  await far.write(utf8(`${HEAD}\x82\x01`));
  assertEquals(await text(), HEAD);
  gate.open();
  assertEquals(await text(), "\x82\x01");
  await far.write(utf8("more\n"));
  assertEquals(await text(), "more\n");
  near.close();
});

for (
  const [sent, fault] of [["", "idle"], [HEAD.slice(0, -1), "slow"]] as const
) {
  test(`waits 5 s for a request of which ${sent.length} bytes came`, async () => {
    const { clock, far, faults, text, near } = stage();
    await far.write(utf8(sent));
    const asking = text();
    await eventLoopTurn();
    await clock.advanceSlowly(4_999, 1_000);
    assertEquals(faults, []);
    await clock.advanceSlowly(1, 1);
    assertEquals(faults, [fault]);
    near.close();
    assertEquals(await asking, undefined);
  });
}

test("does not wait longer for one that comes bit by bit", async () => {
  const { clock, far, faults, text, near } = stage();
  const asking = text();
  for (const byte of HEAD.slice(0, 10)) {
    await far.write(utf8(byte));
    await clock.advanceSlowly(500, 500);
  }
  assertEquals(faults, ["slow"]);
  near.close();
  await asking;
});

test("reads to the end, and looks at nothing more, when it is drained", async () => {
  const { far, gate, text } = stage();
  await far.write(utf8(HEAD));
  assertEquals(await text(), HEAD);
  const drained = gate.drain();
  await far.write(utf8(HEAD));
  assertEquals(await text(), undefined);
  await far.closeWrite();
  await drained;
});
