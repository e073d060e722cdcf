import { assert, assertEquals } from "@std/assert";
import type { Chat } from "../../../src/wire/server.ts";
import { NOON_MS } from "../../_fake_clock.ts";
import { testsOf } from "../../_testing.ts";
import { Session } from "../_session.ts";

const test = testsOf("what is heard", { sys: true });

function said(seq: number, from: string, txt: string, room = "lobby"): Chat {
  return { type: "chat", room, from, txt, seq, at: NOON_MS };
}

test("after a cut it says that it is back and what was missed, with nothing twice", async () => {
  await using session = await Session.open();
  const { client } = session;
  const cut = { kind: "disconnected", reason: "cut", retryInMs: 700 } as const;
  client.push(cut);
  client.push(cut);
  await session.type("while away\r");
  assertEquals(session.shown().slice(1), [
    "* cut; trying again in 1 second: what you say waits until then",
    "sending: while away",
    "lobby (offline) ›",
  ]);
  client.connect(false);
  client.replay([
    said(8, "bob", "eight"),
    { ...said(9, "ann", "while away"), id: "id-2" },
    said(10, "bob", "ten"),
  ]);
  client.answer("id-2", {
    type: "ack",
    id: "id-2",
    room: "lobby",
    seq: 9,
    at: NOON_MS,
  });
  await session.settle();
  assertEquals(session.shown().slice(2), [
    "* back, 2 missed",
    "bob: eight",
    "ann: while away",
    "bob: ten",
    "lobby ›",
  ]);
});

test("after a cut Enter and what is said try again at once, and keys alone do not", async () => {
  await using session = await Session.open(120);
  const { client } = session;
  await session.type("\r");
  client.push({ kind: "disconnected", reason: "", retryInMs: 33_000 });
  await session.type("half");
  assertEquals(session.shown().slice(1), [
    "* the connection was lost; trying again in 33 seconds: Enter tries at once, and what you say waits until then",
    "lobby (offline) › half",
  ]);
  assertEquals(client.hastened, 0);
  await session.type("\r");
  assertEquals(client.hastened, 1);
  await session.type("\r");
  assertEquals(client.hastened, 2);
  client.connect(false);
  await session.type("\r");
  assertEquals(client.hastened, 2);
});

test("who comes and goes in a moment is said in one line, with the time", async () => {
  await using session = await Session.open();
  const { client, clock, terminal } = session;
  const at = NOON_MS;
  client.hear({ type: "joined", room: "lobby", name: "bob", at });
  client.hear({ type: "joined", room: "lobby", name: "cy", at });
  client.hear({ type: "left", room: "lobby", name: "dan", at, reason: "left" });
  client.hear({ type: "joined", room: "lobby", name: "eve", at });
  client.hear({ type: "left", room: "lobby", name: "eve", at, reason: "cut" });
  await session.settle();
  clock.advance(1_999);
  await session.settle();
  assertEquals(session.shown().slice(1), ["lobby ›"]);
  clock.advance(1);
  await session.settle();
  assertEquals(session.shown().slice(1), [
    "* bob and cy joined; dan left; eve came and went",
    "lobby ›",
  ]);
  const rows = terminal.rows.join("\n");
  assert(/\n\[\d\d:\d\d\] \* bob and cy joined/.test(rows));
});

test("nothing that is said waits for who comes and goes, and stands below it", async () => {
  await using session = await Session.open();
  const { client } = session;
  client.hear({ type: "joined", room: "lobby", name: "bob", at: NOON_MS });
  client.say("bob", "hello", NOON_MS);
  client.hear({ type: "joined", room: "lobby", name: "eve", at: NOON_MS });
  client.hear({
    ...{ type: "left", room: "lobby", name: "eve", at: NOON_MS },
    reason: "kicked",
  });
  client.hear({ type: "joined", room: "dev", name: "cy", at: NOON_MS });
  await session.settle();
  assertEquals(session.shown().slice(1), [
    "* bob joined lobby",
    "bob: hello",
    "* eve joined lobby",
    "* eve left lobby (kicked)",
    "lobby ›",
  ]);
});

test("who is put out reads once by whom and why, and then what to do", async () => {
  await using session = await Session.open();
  const { client } = session;
  const left = {
    ...{ type: "left", room: "lobby", name: "ann", at: NOON_MS } as const,
    ...{ reason: "kicked", by: "bob", why: "too loud" } as const,
  };
  const notice = {
    type: "notice",
    text: "bob kicked you from lobby: too loud",
  } as const;
  await session.type("half");
  client.hear(left);
  client.hear(notice);
  await session.settle();
  const told = [
    "* bob kicked you from lobby: too loud",
    "* you are not in lobby any more: /join lobby leads back, /leave closes it",
  ];
  assertEquals(session.shown().slice(1, -1).join(" "), told.join(" "));
  // Another time it is news.
  client.hear(notice);
  await session.settle();
  assertEquals(session.shown().at(-2), `* server: ${notice.text}`);
  // What an address was banned for says more.
  const { why: _, ...bare } = left;
  client.hear({ ...bare, banned: true });
  const text = "bob banned somebody from lobby who came from your address";
  client.hear({ type: "notice", text });
  await session.settle();
  const rows = session.shown().join(" ");
  const at = rows.indexOf("* bob banned you from lobby * you are not in lobby");
  assert(at > 0 && rows.indexOf(`* server: ${text}`) > at, rows);
});

test("who comes and goes is said one by one, or not at all, as set", async () => {
  await using session = await Session.open();
  const { client, clock } = session;
  const bob = { room: "lobby", name: "bob", at: NOON_MS } as const;
  await session.type("/set comings on\r");
  client.hear({ type: "joined", ...bob });
  client.hear({ type: "left", ...bob, reason: "left" });
  await session.settle();
  await session.type("/quiet\r");
  client.hear({ type: "joined", ...bob });
  client.hear({ type: "renamed", from: "bob", name: "rob", at: NOON_MS });
  await session.settle();
  clock.advance(10_000);
  await session.type("/quiet\r");
  assertEquals(session.shown().slice(1), [
    "* comings is on now",
    "* bob joined lobby",
    "* bob left lobby",
    "* comings is off now",
    "* comings is fold now",
    "lobby ›",
  ]);
});

test("the bell rings for what is meant for the person, as set", async () => {
  await using session = await Session.open();
  const { client, terminal } = session;
  client.say("bob", "hello all", NOON_MS);
  await session.settle();
  assert(!terminal.written.includes("\x07"));
  client.say("bob", "hello Ann!", NOON_MS);
  await session.settle();
  assertEquals(terminal.written.split("\x07").length, 2);
  await session.type("/set bell off\r/set notify osc9\r".split("\r")[0] + "\r");
  await session.type("/set notify osc9\r");
  client.say("bob", "ann;\x1b]0;x\x07", NOON_MS);
  await session.settle();
  assert(terminal.written.includes("\x1b]9;bob: ann,]0,x\x07"));
});

test("that a message was deleted is said, and what waits to be shown is not shown any more", async () => {
  await using session = await Session.open();
  const { client } = session;
  client.rooms = ["lobby", "dev"];
  client.hear({ type: "users", room: "dev", users: [{ name: "bob" }] });
  client.hear(said(1, "bob", "here"));
  client.hear(said(4, "bob", "wrong window", "dev"));
  client.hear(said(5, "bob", "right", "dev"));
  const deleted = { type: "deleted", by: "bob", at: NOON_MS } as const;
  client.hear({ ...deleted, room: "lobby", target: 1, seq: 2 });
  client.hear({ ...deleted, room: "dev", target: 4, seq: 6 });
  await session.settle();
  await session.type("/2\r");
  assertEquals(session.shown().slice(1), [
    "bob: here",
    "* message 1 of lobby was deleted by bob",
    "── 2 dev ──",
    "* in dev: bob",
    "── new ──",
    "bob: right",
    "dev ›",
  ]);
});

test("numbers are shown when they are set, and a message of the conversation is deleted by its own", async () => {
  await using session = await Session.open();
  const { client } = session;
  await session.type("/set numbers on\r");
  client.hear(said(57, "bob", "numbered"));
  await session.settle();
  await session.type("/query bob\r");
  await session.type("/delete 3\r");
  assert(session.shown().includes("#57 bob: numbered"));
  const { id: _, ...asked } = client.asked.at(-1)!;
  assertEquals(asked, {
    type: "command",
    name: "delete",
    args: "3",
    room: "@bob",
  });
});

test("what somebody does looks like no line of the client, with times or without", async () => {
  await using session = await Session.open();
  const { client } = session;
  const forged = "has a key that you verified\n* eve left lobby\n * ann waves";
  const heard = async () => {
    client.hear({ ...said(1, "bob", forged), action: true });
    await session.settle();
    return session.terminal.lines.map((line) => line.trimEnd())
      .filter((line) => /eve|ann waves|verified/.test(line));
  };
  const timed = await heard();
  assertEquals(timed.map((line) => line.slice(0, 8).trimEnd()), [
    timed[0]!.slice(0, 7),
    "",
    "",
  ]);
  await session.type("/timestamps\r");
  assertEquals((await heard()).slice(3), [
    " * bob has a key that you verified",
    "    * eve left lobby",
    "     * ann waves",
  ]);
});
