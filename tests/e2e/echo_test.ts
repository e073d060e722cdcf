// `serve --echo`: who says something gets it back, besides the ack.

import { assertEquals } from "@std/assert";
import { done, WAYS } from "./_doing.ts";
import { hosted } from "./_hosted.ts";
import { range } from "./_messages.ts";
import { arrived, command, enter, mark, say } from "./_people.ts";
import { scenario } from "./_scenario.ts";

for (const over of ["sealed", "plain"] as const) {
  scenario(
    `with --echo a ${over} author gets each chat once, as everybody does, and its ack`,
    async () => {
      await using server = await hosted("--echo", "--rate", "0");
      await using ann = await enter(server, { name: "ann", over });
      await using bob = await enter(server, { name: "bob" });
      for (const n of range(1, 20)) {
        const ack = await say(ann, `n ${n}`);
        const own = await ann.next({ type: "chat", seq: n });
        assertEquals([own.from, own.txt], ["ann", `n ${n}`]);
        assertEquals([own.room, own.at], ["lobby", ack.at]);
      }
      await mark(bob, [ann]);
      assertEquals(arrived(ann, "chat").map(({ seq }) => seq), range(1, 21));
      assertEquals(arrived(bob, "chat").map(({ seq }) => seq), range(1, 21));
      assertEquals(arrived(ann, "ack").length, 20);
      const seen = arrived(ann, "chat").map(({ id: _, ...rest }) => rest);
      assertEquals(
        seen,
        arrived(bob, "chat").map(({ id: _, ...rest }) => rest),
      );
    },
  );
}

for (const by of WAYS) {
  scenario(`with --echo an action by ${by} comes back as one`, async () => {
    await using server = await hosted("--echo");
    await using ann = await enter(server, { name: "ann" });
    const ack = await done(ann, "me", "waves", by);
    const own = await ann.next({ type: "chat" });
    assertEquals([own.txt, own.action, own.seq], ["waves", true, ack.seq]);
  });
}

scenario("with --echo a chat without an id comes back too", async () => {
  await using server = await hosted("--echo");
  await using ann = await enter(server, { name: "ann" });
  await ann.send({ type: "chat", txt: "no id" });
  assertEquals((await ann.next({ type: "chat" })).txt, "no id");
  await say(ann, "an id");
  await ann.next({ type: "chat", txt: "an id" });
  assertEquals(arrived(ann, "ack").length, 1);
});

scenario(
  "with --echo a chat that is sent again with its id comes back once",
  async () => {
    await using server = await hosted("--echo");
    await using ann = await enter(server, { name: "ann" });
    await using ann2 = await enter(server, { key: ann.key });
    const ack = await say(ann, "once", { id: "one" });
    assertEquals(await say(ann, "once", { id: "one" }), ack);
    await say(ann, "after");
    for (const client of [ann, ann2]) {
      await client.next({ type: "chat", txt: "after" });
      assertEquals(arrived(client, "chat").map(({ seq }) => seq), [1, 2]);
    }
  },
);

scenario("with --echo what is refused does not come back", async () => {
  await using server = await hosted("--echo");
  await using ann = await enter(server, { name: "ann" });
  await command(ann, "text", "dance");
  await ann.send({ type: "chat", txt: "x", room: "no-where" });
  await mark(ann, [ann]);
  assertEquals(arrived(ann, "chat").length, 1);
});
