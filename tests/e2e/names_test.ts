// Names: which are taken, which are none, and whose they stay.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { hosted } from "./_hosted.ts";
import { generateKey, type KeyPair } from "./_keys.ts";
import type { Message } from "./_messages.ts";
import { arrived, dial, enter, greet, mark } from "./_people.ts";
import { type Served, Server } from "./_program.ts";
import { scenario } from "./_scenario.ts";

const BOTH = ["sealed", "plain"] as const;

/** The answer to a hello with this name, on a connection of its own. */
async function asks(
  server: Served,
  name: string,
  who: { key?: KeyPair; over?: "sealed" | "plain" } = {},
): Promise<Message> {
  await using client = await dial(server, who);
  const answer = await greet(client, { name });
  if (answer.type === "welcome") await client.bye();
  return answer;
}

scenario(
  "a name that is equal after folding is taken, for keyed and keyless alike",
  async () => {
    await using server = await hosted();
    const same: [string, string[]][] = [
      ["ann", ["ann", "ANN", "Ann", "\uff41\uff4e\uff4e"]],
      ["Straße", ["strasse", "STRASSE", "straße"]],
      ["finn", ["\ufb01nn", "FINN"]],
      ["Ken", ["\u212aen", "ken"]],
      ["José", ["jose\u0301", "JOSÉ"]],
      ["Ωμεγα-Σας", ["ωμεγα-σασ"]],
    ];
    for (const [held, others] of same) {
      await using owner = await enter(server, { name: held });
      for (const name of others) {
        for (const over of BOTH) {
          const answer = await asks(server, name, { over });
          assertEquals(answer.code, "name-taken", `${name} beside ${held}`);
          assertEquals(typeof answer.text, "string");
        }
      }
      await owner.bye();
    }
  },
);

scenario(
  "the name of a keyless one is taken while it is there, and free after that",
  async () => {
    await using server = await hosted();
    await using ann = await enter(server, { name: "ann", over: "plain" });
    for (const over of BOTH) {
      assertEquals((await asks(server, "Ann", { over })).code, "name-taken");
    }
    await ann.bye();
    assertEquals((await asks(server, "Ann")).type, "welcome");
  },
);

scenario("what is no name is name-invalid", async () => {
  await using server = await hosted();
  const invalid = [
    "two words",
    "a/b",
    "@ann",
    "#ann",
    "a:b",
    "snail🐌",
    "n".repeat(33),
    "q\u0323\u0301\u0302", // three marks in a row
  ];
  for (const name of invalid) {
    for (const over of BOTH) {
      const answer = await asks(server, name, { over });
      assertEquals(answer.code, "name-invalid", JSON.stringify(name));
    }
  }
});

scenario(
  "letters of one script, digits and _ - . are a name, up to 32",
  async () => {
    await using server = await hosted();
    const valid = [
      "x",
      "n".repeat(32),
      "a_b-c.d9",
      "Amélie",
      "Анна",
      "Ωμέγα",
      "山田",
      "ケン健",
      "李Li",
      "한국어",
    ];
    for (const name of valid) {
      const answer = await asks(server, name);
      assertEquals(answer.type, "welcome", JSON.stringify(answer));
      assertEquals(answer.name, name);
    }
  },
);

scenario("a name of mixed scripts is invalid", async () => {
  await using server = await hosted();
  for (const name of ["\u0430nn", "p\u0430yp\u0430l", "\u03bfscar", "Аннa"]) {
    assertEquals((await asks(server, name)).code, "name-invalid", name);
  }
});

scenario("reserved names are refused to everyone", async () => {
  await using server = await hosted();
  const reserved = ["guest-1", "guest-ann", "GUEST-2", "server", "Server"];
  for (const name of [...reserved, "admin", "ADMIN"]) {
    for (const over of BOTH) {
      const answer = await asks(server, name, { over });
      assertEquals(answer.type, "error", name);
      assertMatch(answer.code as string, /^name-(taken|invalid)$/, name);
    }
  }
});

scenario(
  "a name that a key claimed is refused to others while its owner is away, also after a restart",
  async () => {
    await using server = await Server.start();
    const key = generateKey();
    assertEquals((await asks(server, "ann", { key })).type, "welcome");
    for (const over of BOTH) {
      assertEquals((await asks(server, "ANN", { over })).code, "name-taken");
    }
    server.kill("SIGKILL");
    await server.restart();
    for (const over of BOTH) {
      assertEquals((await asks(server, "Ann", { over })).code, "name-taken");
    }
    const back = await asks(server, "ann", { key });
    assertEquals([back.type, back.name], ["welcome", "ann"]);
  },
);

scenario("a former name is kept for the one who had it", async () => {
  await using server = await hosted();
  const key = generateKey();
  assertEquals((await asks(server, "ann", { key })).name, "ann");
  assertEquals((await asks(server, "anna", { key })).name, "anna");
  assertEquals((await asks(server, "ann")).code, "name-taken");
  assertEquals((await asks(server, "anna")).code, "name-taken");
});

scenario(
  "a second connection of a person gets the person's name and is no second person",
  async () => {
    await using server = await hosted();
    const key = generateKey();
    await using bob = await enter(server, { name: "bob" });
    await using first = await enter(server, { name: "ann", key });
    await using second = await dial(server, { key });
    const welcome = await greet(second, { name: "other" });
    assertEquals([welcome.type, welcome.name], ["welcome", "ann"]);
    await mark(second, [first, bob]);
    const heard = arrived(first, "chat")[0];
    assertEquals(heard?.from, "ann");
    await mark(bob, [first, second]);
    assertEquals(arrived(bob, "joined").length, 1);
    await first.bye();
    await mark(second, [bob]);
    assertEquals(arrived(bob, "left"), []);
    await second.bye();
    await bob.next({ type: "left", name: "ann" });
  },
);

scenario("a person without a wish gets a name that is nobody's", async () => {
  await using server = await hosted();
  const names: unknown[] = [];
  await using ann = await dial(server);
  await using bob = await dial(server, { over: "plain" });
  for (const client of [ann, bob]) names.push((await greet(client)).name);
  assert(names.every((name) => typeof name === "string" && name !== ""));
  assertEquals(new Set(names).size, 2);
});
