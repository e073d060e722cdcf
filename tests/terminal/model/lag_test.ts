import { assertEquals } from "@std/assert";
import { ConfabError } from "../../../src/base/errors.ts";
import { NOON_MS } from "../../_fake_clock.ts";
import { testsOf } from "../../_testing.ts";
import { Session } from "../_session.ts";

const test = testsOf("lag", { sys: true });

/** Lets time pass as the client sees it, and what it does be drawn. */
async function pass(session: Session, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1_000) {
    session.clock.advance(1_000);
    await session.settle();
  }
}

test("is in the prompt from two seconds on, said once when it is bad, and gone with the answer", async () => {
  await using session = await Session.open();
  const { client } = session;
  await session.type("hello\r");
  await pass(session, 1_000);
  assertEquals(session.last(1), ["lobby ›"]);
  await pass(session, 1_000);
  assertEquals(session.last(1), ["lobby (lag 2 s) ›"]);
  await pass(session, 7_000);
  assertEquals(session.last(2), ["sending: hello", "lobby (lag 9 s) ›"]);
  await pass(session, 20_000);
  client.ack(NOON_MS);
  await session.settle();
  assertEquals(session.shown().slice(1), [
    "* the server has not answered for 10 seconds",
    "* the server answers again",
    "ann: hello",
    "lobby ›",
  ]);
  await pass(session, 20_000);
  assertEquals(session.last(1), ["lobby ›"]);
});

test("an answer to a later question shows that the server is just not done with an earlier one", async () => {
  await using session = await Session.open();
  await session.type("/search long ago\r");
  await pass(session, 5_000);
  assertEquals(session.last(1), ["lobby (lag 5 s) ›"]);
  await session.type("/whois bob\r");
  const whois = session.client.asked.at(-1)!;
  session.client.refuse(whois.id, new ConfabError("no-such-person", "nobody"));
  await session.settle();
  assertEquals(session.last(1), ["lobby ›"]);
  await pass(session, 12_000);
  assertEquals(session.last(1), ["lobby ›"]);
});

test("a sign of life that does not come shows where nothing was asked", async () => {
  await using session = await Session.open();
  const { client, clock } = session;
  await pass(session, 40_000);
  assertEquals(session.last(1), ["lobby ›"]);
  client.pingedAt = clock.monotonic();
  await pass(session, 3_000);
  assertEquals(session.last(1), ["lobby (lag 3 s) ›"]);
  client.pingedAt = undefined;
  await pass(session, 1_000);
  assertEquals(session.last(1), ["lobby ›"]);
});

test("without a connection there is none, and on the next it begins anew", async () => {
  await using session = await Session.open();
  const { client } = session;
  await session.type("hello\r");
  await pass(session, 5_000);
  client.push({ kind: "disconnected", reason: "gone", retryInMs: 60_000 });
  await pass(session, 30_000);
  assertEquals(session.last(1), ["lobby (offline) ›"]);
  client.connect(false);
  await session.settle();
  assertEquals(session.last(1), ["lobby ›"]);
  await pass(session, 3_000);
  assertEquals(session.last(1), ["lobby (lag 3 s) ›"]);
});
