import { assertEquals } from "@std/assert";
import {
  refuseFramed,
  refuseHttp,
  refuseIrc,
  refuseJsonLine,
  refuseTls,
} from "../../src/gateway/refusals.ts";
import { encodeLine } from "../../src/gateway/lines.ts";
import { utf8 } from "../_chunks.ts";
import { testsOf } from "../_testing.ts";
import { messagesOf } from "./_codec.ts";

const test = testsOf("refusal");

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

test("of framed JSON is one error", () => {
  assertEquals(messagesOf(refuseFramed("busy", "try again later")), [
    { type: "error", code: "busy", text: "try again later" },
  ]);
});

test("of lines of JSON is one error on a line", () => {
  assertEquals(
    text(refuseJsonLine("busy", "a\nb")),
    '{"type":"error","code":"busy","text":"a\\nb"}\n',
  );
});

test("of lines is a line", () => {
  assertEquals(text(encodeLine("! not here")), "! not here\n");
});

test("of IRC is ERROR (RFC 2812, 3.7.4)", () => {
  assertEquals(text(refuseIrc("not here")), "ERROR :not here\r\n");
});

test("of HTTP is 501 and a text in octets (RFC 9110, 15.6.2 and 8.6)", () => {
  assertEquals(
    text(refuseHttp("nö", utf8("GET / HTTP/1.1\r\n"))),
    "HTTP/1.1 501 Not Implemented\r\n" +
      "content-type: text/plain; charset=utf-8\r\n" +
      "content-length: 4\r\n" +
      "connection: close\r\n" +
      "\r\n" +
      "nö\n",
  );
});

test("of HEAD has the fields only (RFC 9110, 9.3.2)", () => {
  assertEquals(
    text(refuseHttp("nö", utf8("HEAD / HTTP/1.1\r\n"))),
    "HTTP/1.1 501 Not Implemented\r\n" +
      "content-type: text/plain; charset=utf-8\r\n" +
      "content-length: 4\r\n" +
      "connection: close\r\n" +
      "\r\n",
  );
});

test("of TLS is the fatal alert handshake_failure (RFC 8446, 5.1 and 6.2)", () => {
  // alert(21), version 3.3, two bytes: fatal(2), handshake_failure(40)
  assertEquals([...refuseTls()], [21, 3, 3, 0, 2, 2, 40]);
});
