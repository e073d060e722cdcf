/** What the person gives in the page's first dialog, and a link in its address. */
import { assertEquals, assertThrows } from "@std/assert";
import { ConfabError, UsageError } from "../../src/base/errors.ts";
import { asPassword, faultOf, mayPass, passOf } from "../../src/web/entry.ts";
import { readArrival } from "../../src/web/link.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("entry");

const PRINT = "A".repeat(43);
const TOKEN = "0123456789012345678901".slice(0, 21) + "A";
const FINGERPRINT = `SHA256:${PRINT}`;
const LINK = `confab://chat.example/dev?fp=${PRINT}&t=${TOKEN}`;

const given = (secret: string, room = "", name = "") => ({
  name,
  room,
  secret,
});

test("what is empty is not sent", () => {
  assertEquals(passOf(given("")), { hello: {} });
  const { hello } = passOf(given("", "dev", "ann"));
  assertEquals(hello, { name: "ann", room: "dev" });
});

test("a password is sent as it was typed, blanks and all", () => {
  assertEquals(passOf(given(" open sesame ")).hello, {
    password: " open sesame ",
  });
});

test("the secret of a link is for the key that it names, and so is a room", () => {
  const hello = { room: "dev", invite: TOKEN };
  const fingerprint = FINGERPRINT;
  assertEquals(passOf(given(` ${LINK}\n`)), { hello, fingerprint });
  const other = passOf(given(LINK, "lobby"), "SHA256:other");
  assertEquals(other.hello.room, "lobby");
  assertEquals(other.fingerprint, FINGERPRINT);
  assertThrows(() => passOf(given("confab://chat.example")), UsageError);
});

test("what looks like the secret of an invite may be a password", () => {
  const entry = given(TOKEN);
  const pass = passOf(entry, FINGERPRINT);
  assertEquals(pass.hello, { invite: TOKEN });
  assertEquals(asPassword(pass, entry), {
    hello: { password: TOKEN },
    fingerprint: FINGERPRINT,
  });
});

test("a fault stands at the field that it is about", () => {
  const fields = ["name-taken", "room-locked", "invite-invalid", "banned"]
    .map((code) => faultOf(new ConfabError(code as "banned", "so")).field);
  assertEquals(fields, ["name", "room", "secret", "form"]);
  assertEquals(
    faultOf(new ConfabError("name-taken", "server: it is")).text,
    "server: it is",
  );
  assertEquals(faultOf(new DOMException("full")), {
    field: "form",
    text: "full",
  });
});

test("only what may be gone at another try is tried again", () => {
  const codes = ["connection", "busy", "banned", "password-required"] as const;
  const tried = codes.map((code) => mayPass(new ConfabError(code, "")));
  assertEquals(tried, [true, true, false, false]);
  assertEquals(mayPass(new DOMException("full")), false);
});

test("an address has a room, or a link of either form, whatever host it names", () => {
  const at = (hash: string) => readArrival({ host: "127.0.0.1:5000", hash });
  assertEquals([at(""), at("#"), at("#/")], [{}, {}, {}]);
  assertEquals(at("#/caf%C3%A9"), { room: "café" });
  const link = { room: "dev", fingerprint: FINGERPRINT, invite: TOKEN };
  assertEquals(at(`#${LINK}`), link);
  assertEquals(at(`#/dev?fp=${PRINT}&t=${TOKEN}`), link);
  const { room: _, ...bare } = link;
  assertEquals(at(`#/?fp=${PRINT}&t=${TOKEN}`), bare);
});

test("a damaged link is a fault that does not repeat its secret", () => {
  const faults = ["#/%", `#/dev?t=${TOKEN}`, `#confab://x?fp=1&t=${TOKEN}`]
    .map((hash) => readArrival({ host: "127.0.0.1", hash }).fault ?? "");
  assertEquals(faults.map((fault) => fault.includes(TOKEN)), [
    false,
    false,
    false,
  ]);
  assertEquals(faults.includes(""), false);
});
