import { assert, assertEquals } from "@std/assert";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import type { Visitor } from "./_visitor.ts";

const test = testsOf("what a keeper of a room does");

/** What a visitor read of it since it was last asked, in words. */
function heard(visitor: Visitor): string[] {
  return visitor.take().flatMap((message) => {
    if (message.type === "notice") return [message.text];
    if (message.type !== "left") return [];
    const { name, by, why, banned } = message;
    return [`${name} left: ${banned ? "banned" : "kicked"}, ${by}, ${why}`];
  });
}

/** What who does something is told of it. */
async function told(visitor: Visitor, line: string): Promise<string> {
  const answer = await visitor.says(line);
  assert(answer.type === "ack", `${line}: ${JSON.stringify(answer)}`);
  return answer.text ?? "";
}

/**
 * `cat` keeps the den with a laptop and a phone; `ned` is there with a laptop, and with a phone in
 * the lobby; `eve` is there, too.
 */
async function den() {
  const scene = new Scene({ listedPerDay: 0 });
  const cat = await scene.person("cat", { room: "den" });
  assertEquals(await cat.tries("hello"), "ack");
  const phone = await scene.person("cat", { room: "den" });
  const ned = await scene.person("ned", { room: "den" });
  const pocket = await scene.person("ned", { room: "lobby" });
  const eve = await scene.person("eve", { room: "den" });
  for (const one of [cat, phone, ned, pocket, eve]) one.take();
  return { scene, cat, phone, ned, pocket, eve };
}

/** A command, what its doer reads, what the room reads, and what the one reads to whom it is done. */
const DEEDS: readonly (readonly [string, string, string, string])[] = [
  [
    "/op ned",
    "ned is an operator of den now",
    "cat made ned an operator of den",
    "cat made you an operator of den",
  ],
  [
    "/deop ned",
    "ned is no operator of den any more",
    "cat made ned an ordinary member of den again",
    "cat made you an ordinary member of den again",
  ],
  [
    "/mute ned",
    "ned is muted in den",
    "cat muted ned in den",
    "cat muted you in den: you may read there, and not speak",
  ],
  [
    "/unmute ned",
    "ned may speak again in den",
    "cat unmuted ned in den",
    "cat unmuted you in den: you may speak there again",
  ],
];

test("is told once to each: to who does it, to the room, and to whom it is done on every device", async () => {
  const { cat, phone, ned, pocket, eve } = await den();
  for (const [line, toDoer, toRoom, toTarget] of DEEDS) {
    assertEquals(await told(cat, line), toDoer);
    assertEquals(heard(cat), [], line);
    for (const one of [phone, eve]) assertEquals(heard(one), [toRoom]);
    for (const one of [ned, pocket]) assertEquals(heard(one), [toTarget]);
  }
});

test("is said in one line of a kick and of a ban, with by whom and why", async () => {
  const { cat, phone, ned, pocket, eve } = await den();
  assertEquals(
    await told(cat, "/kick ned too  loud"),
    "ned was kicked from den",
  );
  const kicked = "ned left: kicked, cat, too loud";
  for (const one of [cat, phone, eve]) assertEquals(heard(one), [kicked]);
  const toNed = "cat kicked you from den: too loud";
  assertEquals(heard(ned), [kicked, toNed]);
  assertEquals(heard(pocket), [toNed]);
  assertEquals(await ned.tries("/join den"), "ack");
  for (const one of [cat, phone, eve, ned, pocket]) one.take();
  assertEquals(await told(cat, "/ban ned"), "ned is banned from den");
  const banned = "ned left: banned, cat, undefined";
  for (const one of [cat, phone, eve]) assertEquals(heard(one), [banned]);
  assertEquals(heard(ned), [banned, "cat banned you from den"]);
  assertEquals(heard(pocket), ["cat banned you from den"]);
  // By the fingerprint as by the name.
  assertEquals(
    await told(cat, "/unban SHA256:ned"),
    "ned may come back to den",
  );
  assertEquals(heard(pocket), ["cat unbanned you from den: /join den"]);
  assertEquals(heard(eve), ["cat unbanned ned from den"]);
});

test("is a ban in words where who is banned is not there, and no words of an address to others from it", async () => {
  const { scene, cat, eve } = await den();
  const gus = await scene.guest("gus", "10.0.0.7", { room: "lobby" });
  const gil = await scene.guest("gil", "10.0.0.7", { room: "den" });
  for (const one of [cat, eve, gus, gil]) one.take();
  assertEquals(await told(cat, "/ban gus spam"), "gus is banned from den");
  const left = "gil left: banned, cat, spam";
  assertEquals(heard(cat), [left]);
  assertEquals(heard(eve), [left, "cat banned gus from den: spam"]);
  assertEquals(heard(gus), ["cat banned you from den: spam"]);
  assertEquals(heard(gil), [
    left,
    "cat banned somebody from den who came from your address: spam",
  ]);
});

test("is told in a large room, where nobody hears who leaves", async () => {
  const { scene, cat, eve } = await den();
  for (let at = 0; at < 200; at++) {
    await scene.guest(`g${at}`, "127.0.0.1", { room: "den" });
  }
  for (const one of [cat, eve]) one.take();
  assertEquals(await told(cat, "/kick ned loud"), "ned was kicked from den");
  assertEquals(heard(cat), []);
  assertEquals(heard(eve), ["cat kicked ned from den: loud"]);
});

test("is not told to who is not there and may not read the room, or has blocked who does it", async () => {
  const { scene, cat } = await den();
  const far = await scene.person("far", { room: "lobby" });
  assertEquals(await told(cat, "/mute far"), "far is muted in den");
  assertEquals(heard(far), [
    "cat muted you in den: you may read there, and not speak",
  ]);
  await told(cat, "/unmute far");
  await told(cat, "/lock");
  far.take();
  await told(cat, "/mute far");
  await told(cat, "/ban far");
  await told(cat, "/unban far");
  await told(cat, "/unmute far");
  assertEquals(heard(far), []);
  // One who becomes an operator may read it.
  await told(cat, "/op far");
  assertEquals(heard(far), ["cat made you an operator of den"]);
  await told(far, "/block cat");
  far.take();
  await told(cat, "/deop far");
  await told(cat, "/invite far");
  assertEquals(heard(far), []);
});

test("says of a lock who may enter, and of an invitation whether it is heard of", async () => {
  const { scene, cat, eve, ned } = await den();
  const far = await scene.person("far", { room: "lobby" });
  const gus = await scene.guest("gus", "10.0.0.7", { room: "den" });
  for (const one of [cat, eve, ned, far, gus]) one.take();
  assertEquals(await told(cat, "/unlock"), "den is open to everyone");
  assertEquals(heard(eve), []);
  assertEquals(
    await told(cat, "/lock"),
    "den is locked: /invite NAME lets others in",
  );
  const left = "gus left: kicked, cat, den is locked";
  assertEquals(heard(eve), [
    left,
    "cat locked den: only those here and whom operators invite may enter",
  ]);
  assertEquals(heard(gus), [
    left,
    "cat locked den: only people with keys may stay",
  ]);
  assertEquals(await told(cat, "/invite eve"), "eve is in den already");
  assertEquals(heard(eve), []);
  assertEquals(await told(cat, "/invite far"), "far is invited to den");
  assertEquals(heard(far), ["cat invites you to den: /join den"]);
  assertEquals(heard(eve), ["cat invited far to den"]);
  await far.leaves("closed");
  assertEquals(
    await told(cat, "/invite far"),
    "far is invited to den, but is not here: /msg far can say so",
  );
  await told(cat, "/ban ned");
  ned.take();
  assertEquals(
    await told(cat, "/invite ned"),
    "ned is invited to den, but is banned from it: /unban ned",
  );
  assertEquals(heard(ned), []);
  eve.take();
  await told(cat, "/unlock");
  assertEquals(heard(eve), ["cat unlocked den: everyone may enter"]);
});

test("is not told again when it is so already", async () => {
  const { cat, ned, eve } = await den();
  await told(cat, "/op ned");
  for (const one of [ned, eve]) one.take();
  assertEquals(
    await told(cat, "/op ned"),
    "ned is an operator of den already",
  );
  assertEquals([heard(ned), heard(eve)], [[], []]);
});

test("of a server's administrator is told to whom it is taken from", async () => {
  const scene = new Scene({ admins: ["adm"] });
  const adm = await scene.person("adm", { room: "hall" });
  const ann = await scene.person("ann", { room: "hall" });
  const eve = await scene.person("eve", { room: "hall" });
  for (const one of [adm, ann, eve]) one.take();
  assertEquals(
    await told(adm, "/server kick ann loud"),
    "ann was kicked from the server",
  );
  assertEquals(heard(eve), ["ann left: kicked, adm, loud"]);
  assertEquals(
    await told(adm, "/server ban eve 7d spam"),
    "eve is banned from the server",
  );
  assertEquals(heard(adm), [
    "ann left: kicked, adm, loud",
    "eve left: banned, adm, spam",
  ]);
});
