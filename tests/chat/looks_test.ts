/** Names that look like another's, of people and of rooms. */
import { assertEquals, assertMatch } from "@std/assert";
import { noteLooks } from "../../src/chat/look_upgrade.ts";
import { foldName } from "../../src/wire/fold.ts";
import { LOOKS_VERSION } from "../../src/wire/names.ts";
import { NOON_MS } from "../_fake_clock.ts";
import { MemoryStore } from "../_memory_store.ts";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import { keyOf } from "./_visitor.ts";

const test = testsOf("names that look alike");
const DAY_MS = 24 * 3_600_000;

/** Asks for a name, with a key or as a guest; the outcome. */
async function asks(
  scene: Scene,
  who: string | undefined,
  name: string,
): Promise<string> {
  const peer = who === undefined ? {} : { key: keyOf(who) };
  const visitor = await scene.opens({ ...peer, address: "10.0.0.1" });
  await visitor.send({ type: "hello", name });
  const answers = visitor.take();
  const [welcome] = answers;
  await visitor.leaves("closed");
  if (welcome?.type === "welcome") return welcome.name;
  return welcome?.type === "error" ? welcome.code : "nothing";
}

/** Names, and others that look like them. */
const ALIKE = [
  ["soap", "ѕоар", "ЅОАР", "s0ap"],
  ["bob", "ВОВ", "b0b"],
  ["alice", "aIice", "a1ice", "AlICE"],
  ["bobl", "bob1", "BobI"],
  ["modern", "modem", "MODEM"],
  ["Вера", "Bepa", "BEPA"],
] as const;

test("are refused while one of them is held, whoever asks and whoever is here", async () => {
  const scene = new Scene();
  for (const [name, ...others] of ALIKE) {
    await (await scene.person(name)).leaves("closed");
    for (const other of others) {
      for (const who of ["eve", undefined]) {
        assertEquals(await asks(scene, who, other), "name-taken", other);
      }
    }
  }
  await scene.restarts();
  for (const [name, ...others] of ALIKE) {
    for (const other of others) {
      assertEquals(await asks(scene, "eve", other), "name-taken", other);
    }
    assertEquals(await asks(scene, name, name), name);
  }
});

test("are refused while a guest who is here has one of them", async () => {
  const scene = new Scene();
  const guest = await scene.guest("soap");
  const eve = await scene.person("eve");
  const refused = await eve.says("/name ѕоар");
  assertMatch(
    refused.type === "error" ? refused.text : "",
    /^the name ѕоар looks like soap, which is taken/,
  );
  await guest.leaves("closed");
  assertEquals(await eve.tries("/name ѕоар"), "ack");
  assertEquals(await asks(scene, undefined, "soap"), "name-taken");
});

test("are one's own to change between, and the former is kept", async () => {
  const scene = new Scene();
  const bob = await scene.person("bobl");
  for (const name of ["bob1", "BOB1", "bobl"]) {
    assertEquals(await bob.tries(`/name ${name}`), "ack", name);
  }
  assertEquals(await bob.tries("/name ann"), "ack");
  assertEquals(await asks(scene, "eve", "BOBI"), "name-taken");
  await scene.waits(7 * DAY_MS);
  assertEquals(await asks(scene, "eve", "BOBI"), "BOBI");
  assertEquals(await bob.tries("/name bobl"), "name-taken");
});

test("are judged as they are written: capitals may look like another letter", async () => {
  const scene = new Scene();
  const lan = await scene.person("lan");
  // `Ian` looks like it, `ian` does not.
  assertEquals(await asks(scene, "ian", "Ian"), "name-taken");
  const ian = await scene.person("ian");
  assertEquals(await ian.tries("/name Ian"), "name-taken");
  assertEquals(await lan.tries("/name leo"), "ack");
  await scene.waits(7 * DAY_MS);
  assertEquals(await ian.tries("/name Ian"), "ack");
  assertEquals(await lan.tries("/name lan"), "name-taken");
  assertEquals(await ian.tries("/name ian"), "ack");
  assertEquals(await lan.tries("/name lan"), "ack");
});

test("are free when one was not used for 180 days, and who had it comes back without it", async () => {
  const scene = new Scene();
  assertEquals(await asks(scene, "soap", "soap"), "soap");
  await scene.waits(180 * DAY_MS - 1);
  assertEquals(await asks(scene, "eve", "ѕоар"), "name-taken");
  await scene.waits(1);
  assertEquals(await asks(scene, "eve", "ѕоар"), "ѕоар");
  assertMatch(await asks(scene, "soap", ""), /^guest-/);
  assertEquals(await asks(scene, "soap", "soap"), "name-taken");
  assertEquals(await asks(scene, "soap", "soda"), "soda");
  // What it lost does not come back to it with time.
  assertEquals(await asks(scene, "dan", "SOAP"), "name-taken");
});

test("of a guest who came while one was not used keep that away, however often its person comes", async () => {
  const scene = new Scene();
  assertEquals(await asks(scene, "soap", "soap"), "soap");
  await scene.waits(180 * DAY_MS);
  const guest = await scene.guest("s0ap");
  assertEquals(guest.takeOf("welcome").map(({ name }) => name), ["s0ap"]);
  for (let visit = 0; visit < 2; visit++) {
    assertMatch(await asks(scene, "soap", ""), /^guest-/);
    assertEquals(await asks(scene, "soap", "soap"), "name-taken");
    await scene.waits(DAY_MS);
  }
  await guest.leaves("closed");
  assertEquals(await asks(scene, "soap", ""), "soap");
});

/** A store of before: names and rooms, and nothing of what they look like. */
async function oldStore(
  store: MemoryStore,
  names: readonly string[],
  rooms: readonly string[] = [],
): Promise<void> {
  const write = (kind: string, key: string, value: unknown) => ({
    kind,
    key,
    value,
    expectedVersion: 0,
  });
  const writes = names.flatMap((name) => [
    write("name", foldName(name), { person: keyOf(name), name }),
    write("person", keyOf(name), { name, usedAt: NOON_MS }),
  ]);
  for (const name of rooms) {
    writes.push(write("room", foldName(name), { name }));
  }
  await store.commit({ appends: [], writes });
}

async function upgrade(store: MemoryStore): Promise<number> {
  let commits = 0;
  for (const commit of noteLooks(store, NOON_MS)) {
    await store.commit(commit);
    commits++;
  }
  return commits;
}

test("stay with those who have them already, and are noted once for others", async () => {
  const scene = new Scene();
  await oldStore(scene.store, ["soap", "ѕоар", "ɑnn"], ["dev", "ｄev0"]);
  assertEquals(await upgrade(scene.store), 3); // names, rooms, that it is done
  assertEquals(await upgrade(scene.store), 0);
  await scene.restarts();
  for (const name of ["soap", "ѕоар", "ɑnn"]) {
    const one = await scene.person(name);
    assertEquals(one.takeOf("welcome").map(({ name }) => name), [name]);
    assertEquals(await one.tries("/users"), "users");
  }
  assertEquals(await asks(scene, "eve", "s0ap"), "name-taken");
  const ann = await scene.person("ann");
  assertEquals(await ann.tries("/join deν"), "room-invalid");
  assertEquals(await ann.tries("/join ｄev0"), "ack");
});

test("are noted again when other tables say what they look like", async () => {
  const store = new MemoryStore();
  await oldStore(store, ["soap"]);
  await upgrade(store);
  const done = store.record("upgrade", "looks")!;
  assertEquals(done.value, { version: LOOKS_VERSION });
  await store.commit({
    appends: [],
    writes: [{ ...done, expectedVersion: 1, value: { version: "16.0.0/1" } }],
  });
  assertEquals(await upgrade(store), 2);
});

test("of rooms are refused: what looks like the lobby, and like a room that there is", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const eve = await scene.person("eve");
  for (const room of ["Iobby", "l0bby", "1obby", "L0BBY"]) {
    assertEquals(await eve.tries(`/join ${room}`), "room-invalid", room);
  }
  assertEquals(await ann.tries("/join +soap"), "ack");
  assertEquals(await eve.tries("/join ѕоар"), "room-invalid");
  assertEquals(await eve.tries("/join +SOAP"), "ack");
  await eve.tries("/leave");
  await ann.tries("/leave");
  // Nothing was said there: it is no room any more.
  assertEquals(await eve.tries("/join ѕоар"), "ack");
  assertEquals(await eve.tries("mine"), "ack");
  await eve.leaves("closed");
  await scene.restarts();
  const dan = await scene.opens({ key: keyOf("dan"), address: "10.0.0.1" });
  await dan.send({ type: "hello", name: "dan", room: "s0ap" });
  assertEquals(dan.takeOf("error").map(({ code }) => code), ["room-invalid"]);
  await dan.send({ type: "hello", name: "dan", room: "ѕоар" });
  assertEquals(dan.takeOf("welcome").map(({ room }) => room), ["ѕоар"]);
});

test("of a room that is forgotten are free again, its own first of all", async () => {
  for (const name of ["soap", "ѕоар"]) {
    const scene = new Scene();
    const ann = await scene.person("ann");
    assertEquals(await ann.tries("/join soap"), "ack");
    assertEquals(await ann.tries("mine"), "ack");
    assertEquals(await ann.tries("/lock"), "ack");
    await ann.tries("/join lobby");
    assertEquals(await ann.tries("hello"), "ack");
    await ann.leaves("closed");
    await scene.store.trim(Infinity, 9);
    assertEquals(await scene.store.forgetRooms(0, 9, () => false), 1);
    await scene.restarts();
    const eve = await scene.person("eve");
    assertEquals(await eve.tries(`/join ${name}`), "ack", name);
    assertEquals(await eve.tries("mine now"), "ack", name);
    const dan = await scene.person("dan");
    const other = name === "soap" ? "ѕоар" : "soap";
    assertEquals(await dan.tries(`/join ${other}`), "room-invalid", other);
  }
});

test("of a room that others forget meanwhile: it is nobody's as soon as that is told", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  for (const txt of ["/join soap", "mine", "/lock", "/join lobby", "hello"]) {
    assertEquals(await ann.tries(txt), "ack", txt);
  }
  const eve = await scene.person("eve");
  assertEquals(await eve.tries("/join soap"), "room-locked");
  await scene.store.trim(Infinity, 9);
  assertEquals(await scene.store.forgetRooms(0, 9, () => false), 1);
  scene.put({ kind: "followed", entries: [] });
  await scene.turn();
  assertEquals(await eve.tries("/join soap"), "ack");
});
