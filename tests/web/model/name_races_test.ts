/** Names change hands while one acts: what is done is for who was shown, and not for the next. */
import { assertEquals } from "@std/assert";
import { enter } from "../../../src/web/model/commands.ts";
import { actionsOn } from "../../../src/web/model/person_actions.ts";
import { KEYS, Seat } from "./_seat.ts";

const bob = { name: "bob", key: KEYS.bob };

function privately(from: string, seq: number, key: string) {
  const fields = { from, to: "ann", txt: `text ${seq}`, seq, at: seq, key };
  return { type: "private", ...fields } as const;
}

/** What was said, and to whom. */
const said = ({ client }: Seat) =>
  client.asked.flatMap((one) =>
    one.type === "chat" ? [`${one.to}: ${one.txt}`] : []
  );

Deno.test("what is said to somebody does not go to another of that name, unless it is said again", async () => {
  await using seat = await Seat.take();
  const { chat, client } = seat;
  await seat.hear(privately("bob", 1, KEYS.bob));
  const talk = seat.place("@bob");
  chat.go(talk);
  await seat.users("lobby", [{ name: "bob", key: KEYS.eve }]);
  assertEquals(enter(chat, "the secret", talk), false);
  assertEquals(said(seat), []);
  assertEquals(
    talk.fault.value,
    "not sent: bob has another key than who wrote here; send it again if you mean them",
  );
  assertEquals(enter(chat, "the secret", talk), true);
  assertEquals(said(seat), ["bob: the secret"]);

  // The same by a command: the text is in the field again.
  await seat.users("lobby", [bob]);
  const lobby = seat.place("lobby");
  chat.go(lobby);
  enter(chat, "/msg bob hello", lobby);
  await seat.settle();
  assertEquals(said(seat).length, 1);
  assertEquals(lobby.draft.value, "/msg bob hello");
  client.answer(client.asked.at(-1)!.id, { type: "ack", id: "", seq: 2 });
});

Deno.test("who writes with another key than the lists had is who they are now", async () => {
  await using seat = await Seat.take();
  await seat.users("lobby", [{ name: "bob", key: KEYS.eve }]);
  await seat.hear(privately("bob", 1, KEYS.bob));
  assertEquals(enter(seat.chat, "hello", seat.place("@bob")), true);
  assertEquals(said(seat), ["bob: hello"]);
});

Deno.test("a reply does not go to somebody who has just begun to write", async () => {
  await using seat = await Seat.take();
  const { chat, clock } = seat;
  const reply = async (text: string) => {
    enter(chat, `/reply ${text}`);
    await seat.settle();
    return said(seat);
  };
  await seat.hear(privately("bob", 1, KEYS.bob));
  assertEquals(await reply("one"), ["bob: one"]);
  await seat.hear(privately("eve", 1, KEYS.eve));
  assertEquals(await reply("two"), ["bob: one"]);
  assertEquals(await reply("two"), ["bob: one", "eve: two"]);
  await seat.hear(privately("bob", 2, KEYS.bob));
  clock.advance(3_000);
  assertEquals((await reply("three")).at(-1), "bob: three");
});

Deno.test("a menu and a question are about who was shown, whoever has the name by then", async () => {
  await using seat = await Seat.take();
  const { chat, client } = seat;
  await seat.users("lobby", [
    { name: "ann", key: KEYS.ann, role: "admin" },
    bob,
  ]);
  const actions = actionsOn(chat, seat.place("lobby"), bob);
  const run = async (text: string) => {
    actions.find((one) => one.text === text)!.run();
    const dialog = chat.dialog.peek();
    if (dialog?.kind === "question") {
      await Promise.resolve(dialog.question.run("")).catch(chat.fault);
    }
    chat.dialog.value = undefined;
    await seat.settle();
  };
  await seat.hear({ type: "renamed", from: "bob", name: "rob", at: 1 });
  await seat.hear({
    ...{ type: "joined", room: "lobby", at: 2 },
    ...{ name: "bob", key: KEYS.eve },
  });
  const before = client.asked.length;
  await run("Message");
  await run("Mute");
  assertEquals(client.asked.length, before);
  assertEquals(chat.find("@bob"), undefined);
  assertEquals(seat.notes().slice(-2), [
    "nothing was done: bob is somebody else now",
    "nothing was done: bob is somebody else now",
  ]);
  await run("Ignore");
  assertEquals(chat.ignored.value, [KEYS.bob]);
});
