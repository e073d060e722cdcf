import { assertEquals } from "@std/assert";
import { fingerprint } from "../../src/secure/fingerprint.ts";
import { initiate } from "../../src/secure/handshake.ts";
import { generateKeyPair } from "../../src/secure/x25519.ts";
import { memoryPair } from "../_memory_transport.ts";
import { testsOf } from "../_testing.ts";
import { FAR, IDENTITY, Served } from "./_served.ts";

const test = testsOf("next key");
const HELLO = { type: "hello", name: "ann" };

test("is told to those whose connection is sealed: in the welcome, and when it is news", async () => {
  await using served = await Served.start();
  const before = await served.callSealed(await generateKeyPair(), FAR);
  await before.say(HELLO);
  const plain = served.call();
  await plain.say({ type: "hello", name: "bob" });
  const [welcome] = before.messages();
  assertEquals([welcome?.type, welcome?.next], ["welcome", undefined]);
  plain.messages();

  await served.server.show({ identity: IDENTITY, next: "SHA256:n" });
  await before.say({ type: "ping", t: 1 });
  assertEquals(before.messages().at(-2), { type: "next", key: "SHA256:n" });
  const late = await served.callSealed(await generateKeyPair(), FAR);
  await late.say({ ...HELLO, name: "cy" });
  assertEquals(late.messages()[0]?.next, "SHA256:n");
  const alsoPlain = served.call();
  await alsoPlain.say({ type: "hello", name: "dan" });
  assertEquals(alsoPlain.messages()[0]?.next, undefined);
  assertEquals(plain.types().includes("next"), false);

  await served.server.show({ identity: IDENTITY });
  await before.say({ type: "ping", t: 2 });
  assertEquals(before.messages().filter(({ type }) => type === "next"), [
    { type: "next" },
  ]);
});

test("is not taken back from those who were told of it when it is shown", async () => {
  await using served = await Served.start();
  const told = await served.callSealed(await generateKeyPair(), FAR);
  await told.say(HELLO);
  const slow = await served.callSealed(await generateKeyPair(), FAR);
  const identity = await generateKeyPair();
  const next = await fingerprint(identity.publicKey);
  await served.server.show({ identity: IDENTITY, next });
  await served.server.show({ identity });
  // It was shown the key before: that one is what it judges by.
  await slow.say({ ...HELLO, name: "cy" });
  assertEquals(slow.messages()[0]?.next, next);
  await served.server.show({ identity, next: "SHA256:n" });
  await told.say({ type: "ping", t: 1 });
  const announced = told.messages().filter(({ type }) => type === "next");
  assertEquals(announced, [{ type: "next", key: next }]);
});

test("is taken back when another is shown", async () => {
  await using served = await Served.start();
  const told = await served.callSealed(await generateKeyPair(), FAR);
  await told.say(HELLO);
  await served.server.show({ identity: IDENTITY, next: "SHA256:n" });
  await served.server.show({ identity: await generateKeyPair() });
  await told.say({ type: "ping", t: 1 });
  const announced = told.messages().filter(({ type }) => type === "next");
  assertEquals(announced, [{ type: "next", key: "SHA256:n" }, {
    type: "next",
  }]);
});

test("is shown to those who connect, and those who are here stay", async () => {
  await using served = await Served.start();
  const before = await served.callSealed(await generateKeyPair(), FAR);
  await before.say(HELLO);
  const identity = await generateKeyPair();
  const { fingerprint: print } = served.server;
  await served.server.show({ identity });
  assertEquals(served.server.fingerprint === print, false);
  const [near, far] = memoryPair(FAR);
  const serving = served.server.serve(near);
  let shown: Uint8Array | undefined;
  const channel = await initiate(far, {
    identity: await generateKeyPair(),
    judgeServer: (key) => void (shown = key),
  });
  assertEquals(shown, identity.publicKey);
  channel.close();
  await serving;
  await before.say({ type: "ping", t: 1 });
  assertEquals(before.types().at(-1), "pong");
});
