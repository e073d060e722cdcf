import { assertEquals } from "@std/assert";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import { keyOf, type Visitor } from "./_visitor.ts";

const test = testsOf("who may read a room");

/** A room with a history, its creator `cat`, and somebody who is elsewhere. */
async function den(
  admins: string[] = [],
): Promise<{ scene: Scene; cat: Visitor; ned: Visitor }> {
  const scene = new Scene({ admins });
  const cat = await scene.person("cat", { room: "den" });
  assertEquals(await cat.tries("the secret"), "ack");
  const ned = await scene.person("ned");
  return { scene, cat, ned };
}

/** Everything by which somebody who is not in the den could read it, and what comes of it. */
async function attempts(scene: Scene, who: Visitor, name: string) {
  const history = { type: "history", room: "den" };
  const again = await scene.person(name, { room: "den" });
  const resuming = await scene.person(name, { resume: { den: 0 } });
  const welcomes = [again, resuming].map((visitor) => {
    const inbox = visitor.take();
    return inbox.filter(({ type }) => type !== "here").map((message) =>
      message.type === "error"
        ? `${message.code} of ${message.room}`
        : message.type === "welcome"
        ? `welcome to ${message.room || "no room"}`
        : message.type
    );
  });
  const found = await who.ask({ type: "command", name: "whois", args: "cat" });
  const list = await who.says("/list");
  return {
    join: await who.tries("/join den"),
    enter: await who.tries("/join +den"),
    hello: welcomes[0],
    resume: welcomes[1],
    history: (await who.ask(history) as { code?: string }).code ?? "page",
    hears: [who, again, resuming].some(({ hears }) => hears.has("den")),
    listed: list.type === "rooms" &&
      list.rooms.some((room) => room.name === "den"),
    whois: found.type === "whois" && found.rooms.includes("den"),
  };
}

function refused(code: string, listed: boolean) {
  return {
    join: code,
    enter: code,
    hello: ["welcome to no room", `${code} of den`],
    resume: ["welcome to no room", `${code} of den`],
    history: code,
    hears: false,
    listed,
    whois: false,
  };
}

test("is asked of one who is banned: by join, hello, resume, history and whois", async () => {
  const { scene, cat, ned } = await den();
  assertEquals(await cat.tries("/ban ned"), "ack");
  assertEquals(await attempts(scene, ned, "ned"), refused("banned", true));
});

test("is asked of one who is not invited to a locked room, which is not listed either", async () => {
  const { scene, cat, ned } = await den();
  assertEquals(await cat.tries("/lock"), "ack");
  assertEquals(
    await attempts(scene, ned, "ned"),
    refused("room-locked", false),
  );
});

test("is asked of guests of a locked room", async () => {
  const { scene, cat } = await den();
  const gus = await scene.guest("gus");
  assertEquals(await cat.tries("/lock"), "ack");
  assertEquals(await gus.tries("/join den"), "room-locked");
  const history = await gus.ask({ type: "history", room: "den" });
  assertEquals(history.type === "error" && history.code, "room-locked");
  assertEquals(await cat.tries("/invite gus"), "not-allowed");
});

test("is not asked twice: who was banned sees, hears and searches the room where it is instead", async () => {
  const { cat, ned } = await den();
  assertEquals(await ned.tries("/join +den"), "ack");
  assertEquals(await cat.tries("/ban ned"), "ack");
  ned.take();
  assertEquals(await cat.tries("another secret"), "ack");
  assertEquals(ned.take(), []);
  const users = await ned.says("/users");
  assertEquals(users.type === "users" && users.room, "lobby");
  const page = await ned.says("/history");
  assertEquals(page.type === "page" && page.room, "lobby");
  const search = await ned.says("/search secret");
  assertEquals(search.type === "search" && search.room, "lobby");
  assertEquals(await ned.tries("hello", { room: "den" }), "no-room");
  await ned.send({ type: "typing", room: "den" });
  await ned.send({ type: "read", room: "den", seq: 1 });
  assertEquals(cat.takeOf("typing"), []);
});

test("is for everyone again after unban, also of one who is absent", async () => {
  const { scene, cat, ned } = await den();
  assertEquals(await cat.tries("/ban ned"), "ack");
  await ned.leaves("closed");
  assertEquals(await cat.tries("/unban ned"), "ack");
  const again = await scene.person("ned", { room: "den" });
  assertEquals(again.hears.has("den"), true);
  assertEquals(again.hears.get("den")?.start.kind, "last");
});

test("is not for one who is banned and has another name now, until that is unbanned", async () => {
  const { cat, ned } = await den();
  assertEquals(await cat.tries("/ban ned"), "ack");
  assertEquals(await ned.tries("/name nod"), "ack");
  assertEquals(await ned.tries("/join den"), "banned");
  assertEquals(await cat.tries("/unban nod"), "ack");
  assertEquals(await ned.tries("/join +den"), "ack");
});

test("of a locked room is for those who were there, and for those who are invited", async () => {
  const { scene, cat, ned } = await den();
  const ann = await scene.person("ann", { room: "den" });
  assertEquals(await cat.tries("/lock"), "ack");
  assertEquals(await ann.tries("/leave"), "ack");
  assertEquals(await ann.tries("/join den"), "ack");
  assertEquals(await cat.tries("/invite ned"), "ack");
  assertEquals(ned.takeOf("notice").map(({ text }) => text), [
    "cat invites you to den: /join den",
  ]);
  assertEquals(await ned.tries("/join +den"), "ack");
  assertEquals(scene.namesIn("den"), ["cat", "ann", "ned"]);
});

test("of a locked room is for its creator, operators and administrators", async () => {
  const { scene, cat, ned } = await den(["adm"]);
  const adm = await scene.person("adm");
  assertEquals(await cat.tries("/lock"), "ack");
  assertEquals(await cat.tries("/op ned"), "ack");
  assertEquals(await adm.tries("/join den"), "ack");
  assertEquals(await ned.tries("/join den"), "ack");
  assertEquals(await cat.tries("/leave"), "ack");
  assertEquals(await cat.tries("/join den"), "ack");
});

test("of a locked room stays an operator's who is none any more and is there", async () => {
  const { scene, cat, ned } = await den();
  assertEquals(await cat.tries("/lock"), "ack");
  assertEquals(await cat.tries("/op ned"), "ack");
  assertEquals(await ned.tries("/join den"), "ack");
  assertEquals(await cat.tries("/deop ned"), "ack");
  assertEquals(await ned.tries("/search secret"), "search");
  assertEquals(await ned.tries("/history"), "page");
  assertEquals(scene.namesIn("den"), ["cat", "ned"]);
});

test("ends with a kick from a locked room, and with its unlocking the need to be invited", async () => {
  const { cat, ned } = await den();
  assertEquals(await ned.tries("/join den"), "ack");
  assertEquals(await cat.tries("/lock"), "ack");
  assertEquals(await cat.tries("/kick ned"), "ack");
  assertEquals(await ned.tries("/join den"), "room-locked");
  assertEquals(await cat.tries("/unlock"), "ack");
  assertEquals(await ned.tries("/join den"), "ack");
  assertEquals(await ned.tries("/leave"), "ack");
  assertEquals(await cat.tries("/lock"), "ack");
  assertEquals(await ned.tries("/join den"), "room-locked");
});

test("is not the creator's either whom an administrator banned", async () => {
  const { scene, cat } = await den(["adm"]);
  const adm = await scene.person("adm", { room: "den" });
  assertEquals(await adm.tries("/ban cat"), "ack");
  assertEquals(await cat.tries("/join den"), "banned");
  assertEquals(await adm.tries("/op cat"), "ack");
  assertEquals(await cat.tries("/join den"), "banned");
  assertEquals(await adm.tries("/unban cat"), "ack");
  assertEquals(await cat.tries("/join den"), "ack");
  const users = await cat.says("/users");
  assertEquals(users.type === "users" && users.users[1], {
    name: "cat",
    key: keyOf("cat"),
    role: "creator",
  });
});

test("in a turn that was not kept is as before it: who entered because of it leaves", async () => {
  const { scene, cat, ned } = await den();
  assertEquals(await cat.tries("/lock"), "ack");
  cat.put({ type: "command", name: "unlock", id: "u" });
  ned.put({ type: "command", name: "join", args: "+den", id: "j" });
  assertEquals(scene.namesIn("den"), ["cat", "ned"]);
  scene.lostTurn();
  assertEquals(cat.takeOf("error").map(({ code, id }) => [code, id]), [
    ["not-stored", "u"],
  ]);
  assertEquals(scene.namesIn("den"), ["cat"]);
  assertEquals(ned.hears.has("den"), false);
  assertEquals(await ned.tries("/join den"), "room-locked");
});
