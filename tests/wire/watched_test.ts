import { assert, assertEquals } from "@std/assert";
import { ProtocolError } from "../../src/base/errors.ts";
import { readClientObject } from "../../src/wire/client.ts";
import { encodeMessage, readServerMessage } from "../../src/wire/server.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("what is watched");

function reads(message: Record<string, unknown>): unknown {
  return readServerMessage(encodeMessage(message).subarray(4));
}

function codeOf(message: Record<string, unknown>): string {
  try {
    readClientObject(message);
    return "read";
  } catch (error) {
    assert(error instanceof ProtocolError);
    return error.code;
  }
}

test("is named by words that there are, and may be nothing", () => {
  const type = "watch";
  assertEquals(readClientObject({ type, what: ["log", "status"], id: "1" }), {
    ...{ type, what: ["log", "status"], id: "1" },
  });
  assertEquals(codeOf({ type, what: [] }), "read");
  for (
    const what of [undefined, "log", ["logs"], [1], Array(4).fill("log"), {}]
  ) assertEquals(codeOf({ type, what }), "bad-message");
});

const SERVER = {
  ...{ name: "s", version: "1", since: 1, address: "[::1]:5000" },
  ...{ fingerprint: "SHA256:f", durability: "full", pid: 7 },
};

test("is read with numbers that are not known yet, and no others than numbers", () => {
  const status = { type: "status", at: 1, server: SERVER };
  const whole = {
    ...status,
    numbers: { people: 1, of2031: -0.5 },
    history: { stepMs: 10_000, until: 9, series: { connections: [1, 2.5] } },
    step: { until: 9, values: { connections: 1 } },
  };
  assertEquals(reads(whole), whole);
  for (
    const numbers of [
      { people: "1" },
      { people: null },
      { "a b": 1 },
      Object.fromEntries(Array.from({ length: 129 }, (_, n) => [`n${n}`, 1])),
    ]
  ) assertEquals(reads({ ...status, numbers }), undefined);
  const json = `{"type":"status","at":1,"server":${JSON.stringify(SERVER)},` +
    `"numbers":{"__proto__":1}}`;
  assertEquals(readServerMessage(new TextEncoder().encode(json)), undefined);
});

test("is fit for display, whoever wrote a line of the log", () => {
  const line = { at: 1, level: "info", event: "denied" };
  const fields = { name: "eve\u001b[2J\u202e", n: 1, sealed: true };
  const read = reads({ type: "log", entries: [{ ...line, fields }] });
  assertEquals(read, {
    type: "log",
    entries: [{ ...line, fields: { ...fields, name: "eve[2J" } }],
  });
  const entries = [{ ...line, fields: { why: { deep: 1 } } }];
  assertEquals(reads({ type: "log", entries }), undefined);
});
