import { assertEquals } from "@std/assert";
import { ConfabError } from "../../src/base/errors.ts";
import { NOON_MS } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { Session } from "./_session.ts";

const test = testsOf("what is asked before a line is carried out", {
  sys: true,
});

const ANSWERS = "Enter again sends, Ctrl+C clears";

const pasted = (text: string) => `\x1b[200~${text}\x1b[201~`;

function lines(count: number): string {
  return Array.from({ length: count }, (_, n) => `line ${n + 1}`).join("\n");
}

/** What was asked of the server since the start. */
function asked({ client }: Session): string[] {
  return client.asked.slice(1).map((one) =>
    one.type === "chat" ? `${one.to ?? one.room}: ${one.txt}` : one.type
  );
}

/** A conversation with bob, who has a key. */
async function withBob(): Promise<Session> {
  const session = await Session.open(80, 20);
  const { client } = session;
  client.hear({ type: "users", room: "lobby", users: [BOB] });
  await session.type("/query bob\r");
  await session.type("psst");
  return session;
}

const BOB = { name: "bob", key: "SHA256:b" };

test("a paste of more than five lines is sent by a second Enter, or cleared and yanked", async () => {
  await using session = await Session.open(80, 20);
  await session.type(pasted(lines(5)));
  await session.type("\r");
  assertEquals(asked(session), [`lobby: ${lines(5)}`]);
  await session.type(pasted(lines(6)));
  await session.type("\r");
  assertEquals(asked(session).length, 1);
  assertEquals(session.shown().at(-7), `6 lines in 1 message: ${ANSWERS}`);
  // Whoever does something else is asked again.
  await session.type("!");
  await session.type("\r");
  assertEquals(asked(session).length, 1);
  await session.type("\x03");
  assertEquals(session.shown().at(-1), "lobby ›");
  await session.type("\x19");
  await session.type("\r");
  await session.type("\r");
  assertEquals(asked(session)[1], `lobby: ${lines(6)}!`);
});

test("lines that were typed one by one are not asked about, the same from the history are", async () => {
  await using session = await Session.open(80, 20);
  for (const line of lines(7).split("\n")) await session.type(`${line}\x1b\r`);
  await session.type("end");
  await session.type("\r");
  assertEquals(asked(session), [`lobby: ${lines(7)}\nend`]);
  await session.type("\x1b[A");
  await session.type("\r");
  assertEquals(asked(session).length, 1);
  await session.type("\r");
  assertEquals(asked(session).length, 2);
});

test("a text that makes more than two messages is asked about, however it came", async () => {
  await using session = await Session.open(80, 20);
  await session.type("x".repeat(2 * 3_999));
  await session.type("\r");
  assertEquals(asked(session).length, 2);
  await session.type("x".repeat(2 * 3_999 + 1));
  await session.type("\r");
  assertEquals(asked(session).length, 2);
  await session.type("\r");
  assertEquals(asked(session).length, 5);
});

test("a paste runs no command unasked", async () => {
  await using session = await Session.open(80, 20);
  await session.type(pasted("/close\nand more"));
  await session.type("\r");
  assertEquals(session.shown().slice(-3), [
    `/close with 2 lines: ${ANSWERS}`,
    "lobby › /close",
    "and more",
  ]);
  assertEquals(session.terminal.isOpen, true);
  await session.type("\x03");
  await session.type(pasted("one\n/kick bob"));
  await session.type("\r");
  assertEquals(asked(session), ["lobby: one\n/kick bob"]);
});

test("what looks like a command behind a blank is not said unasked", async () => {
  await using session = await Session.open(80, 20);
  await session.type(" /join secret-plans\r");
  assertEquals(asked(session), []);
  assertEquals(session.shown().slice(-2), [
    `blank before /, so no command: ${ANSWERS}`,
    "lobby ›  /join secret-plans",
  ]);
  await session.type("\r");
  assertEquals(asked(session), ["lobby:  /join secret-plans"]);
});

test("a command that fails is at hand, and what is typed meanwhile stays", async () => {
  await using session = await Session.open(80, 20);
  const { client } = session;
  await session.type("/msg nobdy the long story\r");
  await session.type("typed");
  const why = "nobody is called nobdy";
  client.refuse("id-2", new ConfabError("no-such-person", why));
  await session.settle();
  assertEquals(session.shown().slice(-2), [
    "! not sent (server: nobody is called nobdy): the long story",
    "lobby › typed",
  ]);
  await session.type("\x1b[A");
  assertEquals(session.shown().at(-1), "lobby › /msg nobdy the long story");
  await session.type("\x1b[B");
  assertEquals(session.shown().at(-1), "lobby › typed");
  for (const line of ["/msg bob", "/reply hi", "/9", "/set x y"]) {
    await session.type("\x15");
    await session.type(`${line}\r`);
    await session.type("\x1b[A");
    assertEquals(session.shown().at(-1), `lobby › ${line}`);
  }
  assertEquals(asked(session).length, 1);
});

test("what was begun for a person does not go to another with the name unasked", async () => {
  await using session = await withBob();
  const { client } = session;
  const at = NOON_MS;
  client.hear({
    ...{ type: "joined", room: "lobby", at } as const,
    ...{ name: "bob", key: "SHA256:mallory" },
  });
  await session.type("\r");
  assertEquals(asked(session), []);
  assertEquals(
    session.shown().at(-2),
    `@bob may be somebody else now: ${ANSWERS}`,
  );
  await session.type("\r");
  assertEquals(asked(session), ["bob: psst"]);
  // What is begun after that is meant for whom it is now.
  await session.type("again\r");
  assertEquals(asked(session), ["bob: psst", "bob: again"]);
});

test("nor to the same person under another name, nor to whoever took the name", async () => {
  await using session = await withBob();
  const { client } = session;
  client.hear({ type: "renamed", from: "bob", name: "rob", at: NOON_MS });
  await session.type("\r");
  assertEquals(asked(session), []);
  assertEquals(session.shown().at(-2), `@bob is @rob now: ${ANSWERS}`);
  await session.type("\x03psst");
  client.hear({ type: "renamed", from: "eve", name: "rob", at: NOON_MS });
  await session.type("\r");
  assertEquals(asked(session), []);
});

test("a draft remembers for whom it was begun", async () => {
  await using session = await withBob();
  const { client } = session;
  await session.type("\x1b1");
  client.hear({ type: "users", room: "lobby", users: [BOB] });
  await session.type("\x1b2\x1b1");
  client.hear({
    ...{ type: "private", from: "bob", to: "ann", txt: "hi" } as const,
    ...{ key: "SHA256:mallory", seq: 1, at: NOON_MS },
  });
  await session.type("\x1b2");
  await session.type("\r");
  assertEquals(asked(session), []);
  await session.type("\r");
  assertEquals(asked(session), ["bob: psst"]);
});
