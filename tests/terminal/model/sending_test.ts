import { assertEquals } from "@std/assert";
import { ConfabError } from "../../../src/base/errors.ts";
import { FakeClock, NOON_MS } from "../../_fake_clock.ts";
import { testsOf } from "../../_testing.ts";
import { ChatModel } from "../../../src/terminal/model/chat_model.ts";
import { readMemory } from "../../../src/terminal/model/memory.ts";
import { act, say } from "../../../src/terminal/model/sending.ts";
import { endChat } from "../../../src/terminal/model/unsent.ts";
import { PLAIN_PALETTE } from "../../../src/terminal/screen/palette.ts";
import { FakeClient } from "../_fake_client.ts";
import { Session } from "../_session.ts";

const test = testsOf("what is said", { sys: true });

test("one's own words stand above once they are acknowledged, and until then below", async () => {
  await using session = await Session.open();
  await session.type("hello\r");
  assertEquals(session.shown().slice(1), ["sending: hello", "lobby ›"]);
  session.client.say("bob", "me too", NOON_MS);
  session.client.ack(NOON_MS);
  await session.settle();
  assertEquals(session.shown().slice(1), [
    "bob: me too",
    "ann: hello",
    "lobby ›",
  ]);
  assertEquals(session.client.asked.at(-1), {
    type: "chat",
    txt: "hello",
    room: "lobby",
    id: "id-2",
  });
});

test("what could not be sent is said, with the reason", async () => {
  await using session = await Session.open();
  await session.type("hello\r");
  session.client.refuse("id-2", new ConfabError("muted", "you are muted"));
  await session.settle();
  assertEquals(session.shown().slice(1), [
    "! not sent (server: you are muted): hello",
    "lobby ›",
  ]);
});

test("what waits to be sent when the person leaves is named", async () => {
  await using session = await Session.open();
  await session.type("hello\r\x03\x03");
  assertEquals(session.shown().slice(1), [
    "sending: hello",
    "waiting for 1 message to be sent;",
    "Ctrl+C again leaves at once",
    "lobby ›",
  ]);
  await session.type("\x03");
  await session.done;
  await session.settle();
  assertEquals(session.shown().slice(1), ["! perhaps not sent: hello"]);
  assertEquals(session.terminal.isOpen, false);
});

test("typing is shown for a while, and told to others not too often", async () => {
  await using session = await Session.open();
  const { client, clock } = session;
  client.hear({ type: "typing", room: "lobby", name: "bob" });
  await session.settle();
  assertEquals(session.shown().slice(1), ["bob is typing…", "lobby ›"]);
  clock.advance(6_000);
  await session.settle();
  assertEquals(session.shown().slice(1), ["lobby ›"]);
  await session.type("a");
  await session.type("b");
  clock.advance(3_000);
  await session.type("c");
  await session.type("\x15/users");
  const typing = { type: "typing", room: "lobby" };
  assertEquals(client.told, [typing, typing]);
});

test("a text goes without empty lines around it, and in parts where it is too long", async () => {
  await using session = await Session.open();
  const long = "x".repeat(3_995);
  await session.type(
    `\x1b[200~\r\rone\r\r  two\r\r${long}\r/three\r\x1b[201~\r\r`,
  );
  assertEquals(
    session.client.asked.slice(1).map((one) => "txt" in one && one.txt),
    [
      "one\n\n  two",
      long,
      "//three",
    ],
  );
});

test("blanks alone are no part of a text", async () => {
  await using session = await Session.open();
  await session.type(`\x1b[200~one${" ".repeat(4_000)}\x1b[201~\r`);
  assertEquals(session.client.asked.slice(1), [
    { type: "chat", txt: "one", room: "lobby", id: "id-2" },
  ]);
});

test("a pasted line that begins with a slash is text", async () => {
  await using session = await Session.open();
  await session.type("\x1b[200~\r/close\r\x1b[201~\r");
  assertEquals(session.client.asked.length, 1, "it was asked first");
  await session.type("\r");
  assertEquals(session.client.asked.at(-1), {
    type: "chat",
    txt: "//close",
    room: "lobby",
    id: "id-2",
  });
  session.client.ack(NOON_MS);
  await session.settle();
  assertEquals(session.shown().slice(1), ["ann: /close", "lobby ›"]);
});

test("what is said to somebody from elsewhere is shown there, with whether the other is here, once", async () => {
  await using session = await Session.open(80);
  const { client } = session;
  const says = async (txt: string, presence: object) => {
    await session.type(`/msg bob ${txt}\r`);
    const { id } = client.asked.at(-1)!;
    const ack = { type: "ack", id, to: "bob", seq: 1, at: NOON_MS } as const;
    client.answer(id, { ...ack, ...presence });
    await session.settle();
  };
  await says("one", { later: true });
  await says("two", { later: true });
  await says("three", { away: "lunch" });
  await says("four", {});
  await says("five", { away: "lunch" });
  assertEquals(session.shown().slice(1), [
    "ann → bob: one",
    "* bob is not here: bob will read it later",
    "ann → bob: two",
    "ann → bob: three",
    "* bob is away: lunch",
    "ann → bob: four",
    "ann → bob: five",
    "* bob is away: lunch",
    "lobby ›",
  ]);
  await session.type("/query bob\r");
  assertEquals(session.shown().slice(-6), [
    "ann: one",
    "ann: two",
    "ann: three",
    "ann: four",
    "ann: five",
    "@bob ›",
  ]);
});

test("at the end, what was never put on a connection is what is being typed in its place", () => {
  const client = new FakeClient();
  const printed: string[] = [];
  const memory = readMemory({});
  const model = new ChatModel({
    client,
    clock: new FakeClock(),
    palette: PLAIN_PALETTE,
    address: "test:5000",
    memory: { memory, change: () => Promise.resolve() },
    host: {
      print: (lines) => printed.push(...lines),
      signal: () => {},
      changed: () => {},
      moved: () => {},
      typed: () => "",
      giveBack: () => {},
      rows: () => 24,
      columns: () => Infinity,
      leave: () => {},
    },
  });
  const [lobby, bob] = [model.views.open("lobby"), model.views.open("@bob")];
  say(model, lobby, "on the wire");
  client.cut();
  lobby.draft = "draft";
  say(model, lobby, "//slash");
  say(model, lobby, "second");
  act(model, model.views.open("dev"), "waves");
  say(model, bob, "psst");
  endChat(model);
  assertEquals(printed, [
    "! perhaps not sent: on the wire",
    "! not sent: /slash",
    "! not sent: second",
    "! not sent: waves",
    "! not sent: psst",
  ]);
  assertEquals(model.views.all.map(({ name, draft }) => [name, draft]), [
    ["lobby", "//slash\nsecond\ndraft"],
    ["@bob", "psst"],
    ["dev", "/me waves"],
  ]);
});
