// Whose a name is: claimed by a key, kept for a while when it was given up, closed to guests; and
// rooms that fold alike.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { done, listed, refused } from "./_doing.ts";
import { hosted } from "./_hosted.ts";
import { generateKey } from "./_keys.ts";
import { arrived, dial, enter, entered, greet, mark, say } from "./_people.ts";
import { Server } from "./_program.ts";
import { scenario } from "./_scenario.ts";

const BOTH = ["sealed", "plain"] as const;

scenario(
  "a name that a key gave up is kept for it, by hello and by /name, also over a kill",
  async () => {
    await using server = await Server.start("--rate", "0");
    const key = generateKey();
    await using ann = await enter(server, { name: "ann", key });
    await done(ann, "name", "anna");
    const assertKept = async () => {
      for (const over of BOTH) {
        await using eve = await dial(server, { over });
        for (const name of ["ann", "ANN", "ａｎｎ", "anna"]) {
          assertEquals((await greet(eve, { name })).code, "name-taken", name);
        }
        assertEquals((await greet(eve)).type, "welcome");
        for (const name of ["ann", "Ann", "ANNA"]) {
          await refused(eve, "name", name, "name-taken");
        }
      }
    };
    await assertKept();
    server.kill("SIGKILL");
    await ann.finished("a kill");
    await server.restart();
    await assertKept();
    await using back = await enter(server, { key });
    assertEquals(arrived(back, "welcome")[0]?.name, "anna");
    await done(back, "name", "ann");
    assertEquals((await done(back, "whois", "ann")).key, back.fingerprint);
  },
);

scenario(
  "every name that a key gave up is kept for it, also over a kill",
  async () => {
    await using server = await Server.start("--rate", "0");
    const key = generateKey();
    await using bob = await enter(server, { name: "bob", key });
    for (const name of ["bobby", "bobo"]) await done(bob, "name", name);
    const assertKept = async () => {
      for (const over of BOTH) {
        await using eve = await dial(server, { over });
        for (const name of ["bob", "Bobby", "bobo", "b0b", "ВОВ"]) {
          assertEquals((await greet(eve, { name })).code, "name-taken", name);
        }
      }
    };
    await assertKept();
    server.kill("SIGKILL");
    await bob.finished("a kill");
    await server.restart();
    await assertKept();
    await using back = await enter(server, { key, name: "bob" });
    assertEquals(arrived(back, "welcome")[0]?.name, "bob");
    await assertKept();
  },
);

scenario(
  "names that are kept for somebody are 16: then one waits, or takes one of them",
  async () => {
    await using server = await hosted("--rate", "0");
    await using bob = await enter(server, { name: "bob" });
    for (let n = 1; n <= 16; n++) await done(bob, "name", `bob.${n}x`);
    await refused(bob, "name", "bobby", "limit-reached");
    await done(bob, "name", "bob");
  },
);

scenario(
  "what looks like a name that is held, here or reserved is refused",
  async () => {
    await using server = await hosted("--rate", "0");
    await using soap = await enter(server, { name: "soap" });
    await using paul = await enter(server, { name: "paul" });
    await paul.bye();
    await using gus = await enter(server, { name: "gus10", over: "plain" });
    await using ann = await enter(server, { name: "ann" });
    const alike = {
      "name-taken": ["ѕоар", "ЅОАР", "s0ap", "pau1", "PauI", "gusl0", "gus1o"],
      "name-invalid": [
        ...["ɑnn", "anɴ", "annˈ", "ɑdmin", "ꜱerver", "adrnin", "adm1n"],
        ...["guest-l", "ﬁnn", "ㄅㄆ李"],
      ],
    };
    for (const [code, names] of Object.entries(alike)) {
      for (const name of names) {
        for (const over of BOTH) {
          await using eve = await dial(server, { over });
          assertEquals((await greet(eve, { name })).code, code, name);
        }
        await refused(ann, "name", name, code);
      }
    }
    for (const name of ["soup", "paula", "gus11"]) {
      await done(ann, "name", name);
    }
    await mark(soap, [ann, gus]);
  },
);

scenario("what looks like a room that there is, is none", async () => {
  await using server = await hosted("--rate", "0");
  await using ann = await enter(server, { name: "ann", room: "soap" });
  await say(ann, "here");
  await ann.bye();
  for (const room of ["ѕоар", "s0ap", "Iobby", "1obby", "ｄｅｖ"]) {
    await using eve = await dial(server);
    assertEquals((await greet(eve, { room })).code, "room-invalid", room);
    await greet(eve);
    await refused(eve, "join", room, "room-invalid");
    await eve.bye();
  }
  await using bob = await enter(server, { room: "ＳＯＡＰ" });
  assertEquals(arrived(bob, "welcome")[0]?.room, "soap");
});

scenario("a guest has a name only while it is there", async () => {
  await using server = await hosted("--rate", "0");
  await using gus = await enter(server, { name: "gus", over: "plain" });
  await done(gus, "name", "gustav");
  await using ann = await enter(server, { name: "ann" });
  await done(ann, "name", "gus"); // nothing keeps a guest's former name
  await refused(gus, "name", "gus", "name-taken");
  await gus.bye();
  await done(ann, "name", "gustav");
});

scenario(
  "a key that names itself after a guest who is there is refused",
  async () => {
    await using server = await hosted("--rate", "0");
    await using gus = await enter(server, { name: "gus", over: "plain" });
    await using ann = await enter(server, { name: "ann" });
    await refused(ann, "name", "GUS", "name-taken");
    await mark(ann, [gus]);
    assertEquals(arrived(gus, "renamed"), []);
  },
);

scenario(
  "a new name is the person's on every connection, and is told once to others",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann" });
    await using ann2 = await enter(server, { key: ann.key });
    await using bob = await enter(server, { name: "bob" });
    await done(ann, "name", "anna");
    await say(ann2, "from the other");
    assertEquals((await bob.next({ type: "chat" })).from, "anna");
    assertEquals(arrived(bob, "renamed").length, 1);
    const renamed = arrived(bob, "renamed")[0];
    assertEquals([renamed?.from, renamed?.name], ["ann", "anna"]);
    await done(ann2, "name", "ANNA"); // one's own, written otherwise
    await mark(ann, [bob]);
    assertEquals(arrived(bob, "chat").at(-1)?.from, "ANNA");
  },
);

scenario(
  "what looks like another's name by mixing scripts is invalid, by hello and by /name",
  async () => {
    await using server = await hosted("--rate", "0");
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "paypal" });
    const mixed = [
      "p\u0430ypal", // Cyrillic а
      "\u0440aypal", // Cyrillic р
      "paypa\u04cf", // Cyrillic palochka
      "\u03b1nn", // Greek alpha
      "\u13aann", // Cherokee
      "аnnа", // Cyrillic а at both ends
      "Ωmega",
      "тест-test",
    ];
    for (const name of mixed) {
      for (const over of BOTH) {
        await using eve = await dial(server, { over });
        assertEquals((await greet(eve, { name })).code, "name-invalid", name);
      }
      await refused(ann, "name", name, "name-invalid");
    }
    await mark(ann, [bob]);
  },
);

scenario("scripts that are written together are a name", async () => {
  await using server = await hosted("--rate", "0");
  await using ann = await enter(server, { name: "ann" });
  for (
    const name of [
      "日本の山",
      "カタカナkana",
      "李小龙",
      "한국韓國",
      "ann7",
    ]
  ) {
    await done(ann, "name", name);
    assertEquals((await done(ann, "whois", name)).name, name);
  }
});

scenario(
  "names that fold alike are one name, by /name and in every command",
  async () => {
    await using server = await hosted("--rate", "0");
    await using bob = await enter(server, { name: "Straße" });
    await using ann = await enter(server, { name: "ann" });
    for (const name of ["strasse", "STRASSE", "ＳＴＲＡＳＳＥ", "straße"]) {
      await refused(ann, "name", name, "name-taken");
      assertEquals((await done(ann, "whois", name)).name, "Straße");
      await say(ann, name, { to: name });
      assertEquals((await bob.next({ type: "private" })).to, "Straße");
    }
    await done(ann, "name", "\u212bngstr\u00f6m");
    const whois = await done(bob, "whois", "\u00e5NGSTR\u00d6M");
    assertEquals(whois.key, ann.fingerprint);
  },
);

scenario("reserved names are nobody's, by /name as by hello", async () => {
  await using server = await hosted("--rate", "0");
  const reserved = [
    "guest-1",
    "guest-x",
    "Guest-Ann",
    "ｇuest-2",
    "SERVER",
    "Admin",
  ];
  for (const over of BOTH) {
    await using ann = await enter(server, { name: `ann-${over}`, over });
    for (const name of reserved) {
      await refused(ann, "name", name, "name-taken", "name-invalid");
      await using eve = await dial(server, { over });
      const { code } = await greet(eve, { name });
      assertMatch(code as string, /^name-(taken|invalid)$/, name);
    }
    for (const name of [`guests${over}`, `serverette-${over}`]) {
      await done(ann, "name", name);
    }
  }
});

scenario("room names that fold alike are one room", async () => {
  await using server = await hosted("--rate", "0");
  await using ann = await enter(server, { name: "ann", room: "Straße" });
  await say(ann, "first");
  for (const room of ["strasse", "STRASSE", "ＳＴＲＡＳＳＥ"]) {
    await using bob = await dial(server);
    const welcome = await greet(bob, { room });
    assertEquals(welcome.type, "welcome", JSON.stringify(welcome));
    const { users } = await entered(bob, welcome.room as string);
    assertEquals(users.users?.length, 2);
    const ack = await say(bob, `from ${room}`);
    assertEquals(ack.room, welcome.room);
    assertEquals((await ann.next({ type: "chat" })).room, "Straße");
    await using cy = await enter(server);
    await done(cy, "join", room);
    assertEquals((await listed(cy)).length, 1);
    await cy.bye();
    await bob.bye();
  }
});

scenario("what is no room name is room-invalid, by every way in", async () => {
  await using server = await hosted("--rate", "0");
  await using ann = await enter(server, { name: "ann" });
  const invalid = [
    "a/b",
    "a:b",
    "d\u0435v",
    "🐌",
    "r".repeat(65),
    "@ann",
    "q\u0323\u0301\u0302",
  ];
  for (const room of invalid) {
    await refused(ann, "join", room, "room-invalid");
    await refused(ann, "join", `+${room}`, "room-invalid");
    await using eve = await dial(server);
    assertEquals((await greet(eve, { room })).code, "room-invalid", room);
  }
  for (const room of ["r".repeat(64), "комната", "a_b-c.9"]) {
    await done(ann, "join", room);
    await entered(ann, room);
  }
  assert((await listed(ann)).includes("a_b-c.9"));
});
