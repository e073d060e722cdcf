import { assertEquals } from "@std/assert";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import { keyOf } from "./_visitor.ts";

const test = testsOf("a lock");

test("stays the creator's when the last leaves, though nothing was said, and over a restart", async () => {
  const scene = new Scene();
  const cat = await scene.person("cat", { room: "den" });
  assertEquals(await cat.tries("/lock"), "ack");
  await cat.leaves("closed");
  const eve = await scene.person("eve", { room: "den" });
  assertEquals(eve.hears.has("den"), false);
  assertEquals(eve.takeOf("error").map(({ code }) => code), ["room-locked"]);
  await scene.restarts();
  const again = await scene.person("eve", { room: "den" });
  assertEquals(again.hears.has("den"), false);
  const back = await scene.person("cat", { room: "den" });
  const users = await back.says("/users");
  assertEquals(users.type === "users" && users.users[0]?.role, "creator");
});

test("is told to those who are listed the room", async () => {
  const scene = new Scene();
  const cat = await scene.person("cat", { room: "den" });
  const locked = async () => {
    const users = await cat.says("/users");
    return users.type === "users" ? users.locked : users.type;
  };
  assertEquals(await locked(), undefined);
  await cat.tries("/lock");
  assertEquals(await locked(), true);
  await cat.tries("/unlock");
  assertEquals(await locked(), undefined);
});

test("has its invitations until it is lifted; those of before count for nothing, and are gone some seconds later", async () => {
  const scene = new Scene();
  const cat = await scene.person("cat", { room: "den" });
  const ivy = await scene.person("ivy");
  for (let n = 0; n < 1_200; n++) {
    // An address takes 1,000 names a day.
    const address = `10.1.0.${n % 9}`;
    const one = await scene.opens({ key: keyOf(`n${n}`), address });
    await one.send({ type: "hello", name: `n${n}`, room: "" });
    await one.leaves("closed");
    cat.put({ type: "chat", txt: `/invite n${n}`, id: `${n}` });
  }
  await scene.turn();
  assertEquals(cat.takeOf("ack").length, 1_200);
  assertEquals(await cat.tries("/lock"), "ack");
  assertEquals(await cat.tries("/invite ivy"), "ack");
  assertEquals(await ivy.tries("/join den"), "ack");
  const invited = () => scene.store.list("invited", "", 2_000).length;
  // Cat, too, who was there.
  assertEquals(invited(), 1_202);
  const before = scene.hub.pendingEffects;
  cat.put({ type: "chat", txt: "/unlock", id: "unlock" });
  const { commit } = await scene.turn();
  assertEquals([before, commit.writes.length], [0, 2]);
  assertEquals(await ivy.tries("/leave"), "ack");
  assertEquals(await cat.tries("/lock"), "ack");
  assertEquals(await ivy.tries("/join den"), "room-locked");
  await scene.waits(1_000);
  await scene.waits(1_000);
  await scene.waits(1_000);
  assertEquals(invited(), 1);
  assertEquals(scene.store.list("uninvited", "", 1), []);
});

test("of many locks are gone soon, however often a room is locked and opened", async () => {
  const scene = new Scene();
  const cat = await scene.person("cat");
  await cat.tries("/join den");
  await cat.tries("mine");
  for (let round = 0; round < 100; round++) {
    assertEquals(await cat.tries("/lock"), "ack");
    assertEquals(await cat.tries("/unlock"), "ack");
  }
  assertEquals(scene.store.list("uninvited", "", 200).length, 100);
  await scene.waits(1_000);
  assertEquals(scene.store.list("uninvited", "", 200), []);
  assertEquals(scene.store.list("invited", "", 200), []);
});

test("are not said to somebody who does not want what comes from there, and count all the same", async () => {
  const scene = new Scene();
  const bob = await scene.person("bob");
  const eve = await scene.person("eve");
  await eve.tries("/join den");
  await eve.tries("/lock");
  assertEquals(await bob.tries("/block eve"), "ack");
  bob.take();
  assertEquals(await eve.tries("/invite bob"), "ack");
  assertEquals(bob.take(), []);
  assertEquals(await bob.tries("/join den"), "ack");
});
