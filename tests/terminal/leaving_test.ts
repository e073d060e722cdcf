import { assertEquals } from "@std/assert";
import { ConfabError } from "../../src/base/errors.ts";
import { NOON_MS } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { Session } from "./_session.ts";

const test = testsOf("leaving with messages that wait", { sys: true });

const WAITING =
  "waiting for 2 messages to be sent; Ctrl+C again leaves at once";

async function withTwo(): Promise<Session> {
  const session = await Session.open(80, 20);
  await session.type("one\r");
  await session.type("two\r");
  return session;
}

async function faults(session: Session): Promise<string[]> {
  await session.done;
  await session.settle();
  return session.shown().filter((line) => line.startsWith("!"));
}

test("it leaves by itself when all of them are acknowledged", async () => {
  for (const leave of ["\x03\x03", "\x04", "/quit\r", "exit\r"]) {
    await using session = await withTwo();
    const { client } = session;
    await session.type(leave);
    assertEquals(session.shown().at(-2), WAITING);
    client.ack(NOON_MS);
    await session.settle();
    assertEquals(session.terminal.isOpen, true);
    client.ack(NOON_MS);
    assertEquals(await faults(session), []);
    assertEquals(session.shown().slice(-2), ["ann: one", "ann: two"]);
  }
});

test("a refusal ends the wait like an ack, and is said", async () => {
  await using session = await withTwo();
  session.client.ack(NOON_MS);
  await session.type("\x03\x03");
  session.client.refuse("id-3", new ConfabError("muted", "you are muted"));
  assertEquals(await faults(session), [
    "! not sent (server: you are muted): two",
  ]);
});

test("who types on stays", async () => {
  await using session = await withTwo();
  await session.type("\x03\x03");
  await session.type("more");
  assertEquals(session.shown().at(-2), "sending: two");
  session.client.ack(NOON_MS);
  session.client.ack(NOON_MS);
  await session.settle();
  assertEquals(session.terminal.isOpen, true);
});

test("at a further Ctrl+C what was put on the wire is called perhaps not sent, and what never was not sent", async () => {
  await using session = await withTwo();
  const { client } = session;
  client.ack(NOON_MS);
  client.cut();
  await session.type("three\r");
  await session.type("/join ops\r");
  await session.type("four\r");
  await session.type("\x03\x03");
  assertEquals(
    session.shown().at(-2),
    "waiting for 3 messages to be sent; Ctrl+C again leaves at once",
  );
  await session.type("\x03");
  assertEquals(await faults(session), [
    "! perhaps not sent: two",
    "! not sent: three",
    "! not sent: four",
  ]);
});

test("what a person does is sent again after a cut, and named like what is said", async () => {
  await using session = await Session.open(80, 20);
  const { client } = session;
  await session.type("/me waves\r");
  client.cut();
  client.reconnect();
  await session.settle();
  assertEquals(client.sent.filter(({ id }) => id === "id-2").length, 2);
  await session.type("\x03\x03");
  await session.type("\x03");
  assertEquals(await faults(session), ["! perhaps not sent: waves"]);
});

test("a signal waits for a short time only", async () => {
  await using session = await withTwo();
  session.terminal.stop();
  session.client.ack(NOON_MS);
  await session.settle();
  session.clock.advance(1_999);
  await session.settle();
  assertEquals(session.terminal.isOpen, true);
  session.clock.advance(1);
  assertEquals(await faults(session), ["! perhaps not sent: two"]);
});

test("a text of several lines is named as a whole, each line as a line of the client", async () => {
  await using session = await Session.open(80, 20);
  session.client.cut();
  await session.type("one\x1b\r* two");
  await session.type("\r");
  await session.type("\x04");
  await session.type("\x03");
  assertEquals(await faults(session), ["! not sent: one", "! * two"]);
});
