/** The network is there again, or a person: the client does not wait any longer. */
import { assertEquals } from "@std/assert";
import { eventLoopTurn } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { goodbye, Stage } from "./_stage.ts";

const test = testsOf("hastening");

test("the next try comes at once", async () => {
  const stage = new Stage();
  const visit = await stage.enter("lobby");
  visit.peer.cut();
  await visit.events.next("disconnected");
  visit.client.hasten();
  const peer = await stage.accept();
  await peer.expect({ type: "hello" });
  await peer.welcome("lobby");
  await visit.events.next("connected");
  await goodbye({ ...visit, peer });
});

test("a server that wants to be left alone is, for the first try", async () => {
  const stage = new Stage();
  const visit = await stage.enter("lobby");
  const bye = { type: "bye", code: "restart", text: "later" };
  await visit.peer.send({ ...bye, reconnectAfterMs: 8_000 });
  const { retryInMs } = await visit.events.next("disconnected");
  let isDialled = false;
  const accepting = stage.accept().then((peer) => {
    isDialled = true;
    return peer;
  });
  visit.client.hasten();
  await eventLoopTurn();
  assertEquals([retryInMs, isDialled], [8_000, false]);
  stage.clock.advance(retryInMs);
  const peer = await accepting;
  await peer.welcome("lobby");
  await visit.events.next("connected");
  await goodbye({ ...visit, peer });
});

test("a connection that gives no sign of life within five seconds is given up", async () => {
  const stage = new Stage();
  const visit = await stage.enter("lobby");
  visit.client.hasten();
  await visit.peer.expect({ type: "ping" });
  stage.clock.advance(4_999);
  await visit.peer.send({ type: "pong", t: 0 });
  await visit.peer.send({ type: "notice", text: "here" });
  await visit.events.next("message", { type: "notice" });
  stage.clock.advance(5_000);
  // It has answered: the next time it does not.
  visit.client.hasten();
  await visit.peer.expect({ type: "ping" });
  stage.clock.advance(5_000);
  const { peer } = await stage.reenter(visit, "lobby");
  await goodbye({ ...visit, peer });
});
