import { assertEquals } from "@std/assert";
import { codecFor } from "../../src/gateway/codecs.ts";
import type { Protocol } from "../../src/net/sniff.ts";
import { testsOf } from "../_testing.ts";
import { frame, hear, type Said } from "./_codec.ts";

const test = testsOf("the codec for a protocol");

test("understands what is spoken there", () => {
  const said = [{ type: "hello" }, {
    type: "chat",
    txt: "hi",
    id: "gateway 1",
  }];
  const chat = '{"type":"chat","txt":"hi"}';
  const rows: [Protocol, string | Uint8Array, Said[]][] = [
    ["sealed", frame(chat), [{ type: "chat", txt: "hi" }]],
    ["framed", frame(chat), said],
    ["json-lines", `${chat}\n`, said],
    ["hello", "HELLO ann\n", [{ type: "hello", name: "ann" }]],
    ["terminal", "hi\n", [{ type: "hello" }, { type: "chat", txt: "hi" }]],
  ];
  for (const [protocol, bytes, expected] of rows) {
    assertEquals(hear(codecFor(protocol)!, bytes), expected, protocol);
  }
});

test("is another for each client", () => {
  assertEquals(codecFor("hello") === codecFor("hello"), false);
});

test("is missing for what is not spoken", () => {
  const unspoken: Protocol[] = [
    "sealed-other",
    "too-large",
    "http",
    "tls",
    "irc",
    "unknown",
  ];
  for (const protocol of unspoken) {
    assertEquals(codecFor(protocol), undefined, protocol);
  }
});
