/** What people write for a room or a command, where they do not write it whole or write more. */
import { assertEquals } from "@std/assert";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import { keyOf, type Visitor } from "./_visitor.ts";

const test = testsOf("what is typed");

/** What a message is answered with that names a room. */
async function roomOf(
  visitor: Visitor,
  message: Record<string, unknown>,
): Promise<unknown> {
  const reply = await visitor.ask(message);
  if (reply.type === "page") return reply.name;
  return "room" in reply ? reply.room : reply;
}

test("may have a # before the name of a room, wherever one is named", async () => {
  const scene = new Scene({ admins: [keyOf("ann")] });
  const ann = await scene.person("ann", { room: "#Ops" });
  assertEquals(ann.takeOf("welcome")[0]?.room, "Ops");
  assertEquals(await ann.tries("/join +#tea"), "ack");
  assertEquals(ann.takeOf("here").at(-1)?.room, "tea");
  assertEquals(await ann.tries("/join #ops"), "ack");
  assertEquals(ann.takeOf("here").at(-1)?.room, "Ops");
  const say = { type: "chat", txt: "hi", room: "#ops" };
  await ann.send({ ...say, id: "1" });
  const page = { type: "history", room: "#OPS" };
  assertEquals(await roomOf(ann, page), "Ops");
  const users = { type: "command", name: "users", room: "#ops" };
  assertEquals(await roomOf(ann, users), "Ops");
  const bob = await scene.person("bob", { room: "ops" });
  bob.take();
  await ann.send({ type: "typing", room: "#ops" });
  assertEquals(bob.takeOf("typing")[0]?.room, "Ops");
});

test("has one # at most, and something behind it", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  for (const room of ["##ops", "#", "+#", "ops#"]) {
    const tried = await ann.tries(`/join ${room}`);
    assertEquals(tried, "room-invalid", room);
  }
  assertEquals(await ann.tries("hi", { room: "#nowhere" }), "no-room");
});

test("names conversations and points of a resume as they are", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann", { resume: { "#ops": 0 } });
  assertEquals(ann.takeOf("welcome")[0]?.room, "");
});

test("may be the beginning of a command, where help is asked", async () => {
  const scene = new Scene();
  const ann = await scene.person("ann");
  const rows: [string, string[]][] = [
    ["jo", ["join"]],
    ["/jo", ["join"]],
    ["JOIN", ["join"]],
    ["me", ["me"]],
    ["unb", ["unblock", "unban"]],
    ["wh", ["users", "whois"]],
    ["kcik", ["kick"]],
    ["/nick", ["name"]],
  ];
  for (const [word, commands] of rows) {
    const reply = await ann.says(`/help ${word}`);
    const names = reply.type === "help"
      ? reply.commands.map(({ name }) => name)
      : reply;
    assertEquals(names, commands, word);
  }
  assertEquals(await ann.tries("/help dance"), "unknown-command");
  assertEquals(await ann.tries("/jo tea"), "unknown-command");
});
