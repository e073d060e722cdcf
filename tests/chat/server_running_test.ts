import { assertEquals } from "@std/assert";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";

const test = testsOf("/server");

/** Two admins and somebody, who have heard everything so far. */
async function hall() {
  const scene = new Scene({ admins: ["adm", "root"] });
  const adm = await scene.person("adm");
  const ann = await scene.person("ann", { room: "den" });
  const root = await scene.person("root");
  for (const visitor of [adm, ann, root]) visitor.take();
  return { scene, adm, ann, root };
}

test("say tells everybody who has said hello, whatever room they are in", async () => {
  const { scene, adm, ann } = await hall();
  const gus = await scene.guest("gus", "10.0.0.9", { room: "" });
  const silent = await scene.opens({ address: "10.0.0.8" });
  gus.take();
  const said = await adm.says("/server say Back at 9,\n  be well");
  assertEquals(
    said.type === "ack" && said.text,
    "you told everybody: Back at 9,\n  be well",
  );
  const text = "adm to everybody: Back at 9,\n  be well";
  assertEquals(adm.takeOf("notice"), []);
  for (const visitor of [ann, gus]) {
    assertEquals(visitor.takeOf("notice"), [{ type: "notice", text }]);
  }
  assertEquals(silent.take(), []);
  assertEquals(scene.audits, [{ action: "server say", by: "adm" }]);
});

test("close ends one connection of a person, and leaves the others where they are", async () => {
  const { scene, adm, ann } = await hall();
  const other = await scene.person("ann", { room: "den" });
  assertEquals(await adm.tries(`/server close ${other.id} too  slow`), "ack");
  assertEquals(other.bye, {
    type: "bye",
    code: "kicked",
    text: "adm closed this connection: too slow",
  });
  assertEquals([ann.bye, scene.namesIn("den")], [undefined, ["ann"]]);
  assertEquals(await adm.tries(`/server close ${other.id}`), "no-such-person");
  assertEquals(await adm.tries(`/server close ${ann.id}`), "ack");
  assertEquals(scene.namesIn("den"), []);
  const by = { action: "server close", by: "adm", address: "10.0.0.1" };
  assertEquals(scene.audits, [
    { ...by, target: other.id },
    { ...by, target: ann.id },
  ]);
});

test("close ends one that has said no hello, and one's own", async () => {
  const { scene, adm } = await hall();
  const silent = await scene.opens({ address: "10.0.0.8" });
  assertEquals(await adm.tries(`/server close ${silent.id}`), "ack");
  assertEquals(silent.bye?.type, "bye");
  assertEquals(await adm.tries(`/server close ${adm.id}`), "ack");
  assertEquals(adm.bye?.type, "bye");
});

test("stop is handed on with who wants it and why, when that was answered", async () => {
  const { scene, adm } = await hall();
  adm.put({ type: "chat", txt: "/server stop  a new\tdisk", id: "stop" });
  const { effects } = await scene.turn();
  assertEquals(effects.map(({ kind }) => kind), ["audit", "answer", "stop"]);
  assertEquals(scene.stops, [{ by: "adm", why: "a new disk" }]);
  assertEquals(scene.audits, [{ action: "server stop", by: "adm" }]);
  assertEquals(await adm.tries("/server stop"), "ack");
  assertEquals(scene.stops.at(-1), { by: "adm" });
});

test("say, close and stop work while nothing can be stored", async () => {
  const { scene, adm, ann } = await hall();
  for (const txt of ["say full", `close ${ann.id}`, "stop"]) {
    adm.put({ type: "chat", txt: `/server ${txt}`, id: txt });
  }
  scene.lostTurn();
  assertEquals(
    adm.takeOf("ack").map(({ id }) => id),
    ["say full", `close ${ann.id}`, "stop"],
  );
  assertEquals([ann.bye?.type, scene.stops.length], ["bye", 1]);
});

test("say, close and stop are the admins', who are spared by each other", async () => {
  const { scene, adm, ann, root } = await hall();
  for (const command of ["say hi", `close ${ann.id}`, "stop"]) {
    assertEquals(await ann.tries(`/server ${command}`), "not-allowed", command);
  }
  const refusals = {
    [`close ${root.id}`]: "not-allowed",
    "close": "bad-arguments",
    "close 1/99": "no-such-person",
    "close ann": "no-such-person",
    [`close ${ann.id} ${"x".repeat(201)}`]: "bad-arguments",
    [`stop ${"x".repeat(201)}`]: "bad-arguments",
    "say": "bad-arguments",
    // What is said to everybody has the length of what is said to one.
    [`say ${"x".repeat(3_990)}`]: "ack",
  };
  for (const [command, outcome] of Object.entries(refusals)) {
    const answer = await adm.ask({
      type: "command",
      name: "server",
      args: command,
    });
    const got = answer.type === "error" ? answer.code : answer.type;
    assertEquals(got, outcome, command.slice(0, 20));
  }
  assertEquals([root.bye, ann.bye, scene.stops], [undefined, undefined, []]);
});
