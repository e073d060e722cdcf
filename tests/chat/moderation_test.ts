import { assertEquals } from "@std/assert";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import type { Visitor } from "./_visitor.ts";

const test = testsOf("moderation");

/** Who does it, and to whom. */
type Actor = "member" | "guest" | "muted" | "operator" | "creator" | "admin";
type Target = "tim" | "gil" | "ora" | "cat" | "root";

/**
 * A room with everyone in it: a member `tim`, a guest `gil`, an operator `ora`, the creator `cat`,
 * an admin `root`.
 */
async function den(): Promise<Record<Actor | "ben" | "root", Visitor>> {
  const scene = new Scene({ admins: ["adm", "root"] });
  const there = { room: "den" };
  const creator = await scene.person("cat", there);
  const cast = {
    creator,
    operator: await scene.person("oli", there),
    member: await scene.person("sam", there),
    muted: await scene.person("mut", there),
    guest: await scene.guest("gus", "127.0.0.1", there),
    admin: await scene.person("adm", there),
    root: await scene.person("root", there),
    ben: await scene.person("ben", there),
  };
  await scene.person("ora", there);
  await scene.person("tim", there);
  await scene.guest("gil", "127.0.0.1", there);
  for (const command of ["/op oli", "/op ora", "/mute mut", "/ban ben"]) {
    assertEquals(await creator.tries(command), "ack");
  }
  return cast;
}

/** One above may, others may not: worked out from the ranks member, operator, creator, admin. */
const OVER: Record<Actor, Record<Target, "ack" | "not-allowed">> = {
  member: no(),
  guest: no(),
  muted: no(),
  operator: { ...no(), tim: "ack", gil: "ack" },
  creator: { ...no(), tim: "ack", gil: "ack", ora: "ack" },
  admin: { ...no(), tim: "ack", gil: "ack", ora: "ack", cat: "ack" },
};

function no(): Record<Target, "ack" | "not-allowed"> {
  return {
    tim: "not-allowed",
    gil: "not-allowed",
    ora: "not-allowed",
    cat: "not-allowed",
    root: "not-allowed",
  };
}

/** Tries a command on everyone, by everyone, each time in a room of its own. */
async function matrixOf(
  command: string,
  before?: string,
): Promise<Record<string, Record<string, string>>> {
  const found: Record<string, Record<string, string>> = {};
  for (const [actor, row] of Object.entries(OVER)) {
    const outcomes: Record<string, string> = found[actor] = {};
    for (const target of Object.keys(row)) {
      const cast = await den();
      if (before !== undefined) await cast.root.tries(`${before} ${target}`);
      outcomes[target] = await cast[actor as Actor].tries(
        `${command} ${target}`,
      );
    }
  }
  return found;
}

test("kicks those below oneself only", async () => {
  assertEquals(await matrixOf("/kick"), OVER);
});

test("bans those below oneself only", async () => {
  assertEquals(await matrixOf("/ban"), OVER);
});

test("mutes those below oneself only", async () => {
  assertEquals(await matrixOf("/mute"), OVER);
});

test("unmutes those below oneself only", async () => {
  assertEquals(await matrixOf("/unmute", "/mute"), OVER);
});

test("of operators is the creator's and the administrators', and guests get no role", async () => {
  const op: Record<Actor, string[]> = {
    member: ["not-allowed", "not-allowed", "not-allowed"],
    guest: ["not-allowed", "not-allowed", "not-allowed"],
    muted: ["not-allowed", "not-allowed", "not-allowed"],
    operator: ["not-allowed", "not-allowed", "not-allowed"],
    creator: ["ack", "not-allowed", "ack"],
    admin: ["ack", "not-allowed", "ack"],
  };
  for (const [actor, expected] of Object.entries(op)) {
    const cast = await den();
    const outcomes = [];
    for (const command of ["/op tim", "/op gil", "/deop ora"]) {
      outcomes.push(await cast[actor as Actor].tries(command));
    }
    assertEquals(outcomes, expected, actor);
  }
});

test("of the creator as operator, by the creator, is refused", async () => {
  const { creator } = await den();
  assertEquals(await creator.tries("/op cat"), "not-allowed");
  assertEquals(await creator.tries("/deop cat"), "not-allowed");
});

test("of a member who is no operator or not muted says so", async () => {
  const { creator } = await den();
  assertEquals(await creator.tries("/deop tim"), "no-such-person");
  assertEquals(await creator.tries("/unmute tim"), "no-such-person");
  assertEquals(await creator.tries("/unban tim"), "no-such-person");
});

for (
  const command of [
    "/lock",
    "/unlock",
    "/invite zed",
    "/topic news",
    "/unban ben",
  ]
) {
  test(`with ${command} is the operators', the creator's and the administrators'`, async () => {
    for (const actor of Object.keys(OVER) as Actor[]) {
      const scene = await den();
      if (command.startsWith("/invite")) {
        // Anyone with a name and a key will do.
        await scene.ben.tries("/name zed");
      }
      const may = ["operator", "creator", "admin"].includes(actor);
      const expected = may ? "ack" : "not-allowed";
      assertEquals(await scene[actor].tries(command), expected, actor);
    }
  });
}

test("by one who is banned does nothing: it is in no room, or in another", async () => {
  const { ben } = await den();
  const commands = ["/kick tim", "/ban tim", "/mute tim", "/unban ben"];
  for (const command of [...commands, "/op tim", "/lock", "/topic news"]) {
    assertEquals(await ben.tries(command), "no-room", command);
  }
  assertEquals(await ben.tries("/join lobby"), "ack");
  for (const command of [...commands, "/op tim", "/lock", "/topic news"]) {
    assertEquals(await ben.tries(command), "not-allowed", command);
  }
});

test("of nobody is answered with no-such-person, without arguments with bad-arguments", async () => {
  const { creator } = await den();
  for (const name of ["kick", "ban", "mute", "unmute", "op", "deop"]) {
    assertEquals(await creator.tries(`/${name} nemo`), "no-such-person");
    assertEquals(await creator.tries(`/${name}`), "bad-arguments");
  }
  assertEquals(await creator.tries("/invite nemo"), "no-such-person");
  assertEquals(await creator.tries("/unban nemo"), "no-such-person");
  assertEquals(await creator.tries("/invite"), "bad-arguments");
  assertEquals(await creator.tries("/unban"), "bad-arguments");
});

test("with /kick needs somebody who is in the room, with /ban and /mute it does not", async () => {
  const { creator, member } = await den();
  assertEquals(await member.tries("/join elsewhere"), "ack");
  assertEquals(await creator.tries("/kick sam"), "no-such-person");
  assertEquals(await creator.tries("/mute sam"), "ack");
  assertEquals(await creator.tries("/ban sam"), "ack");
  assertEquals(await member.tries("/join den"), "banned");
});

test("lets one who is muted read, and speak elsewhere and privately, but not there", async () => {
  const { muted, creator } = await den();
  assertEquals(await muted.tries("hello"), "muted");
  assertEquals(await muted.tries("/me waves"), "muted");
  assertEquals(await muted.tries("/history"), "page");
  assertEquals(await muted.tries("/msg tim hello"), "ack");
  assertEquals(await muted.tries("/join +elsewhere"), "ack");
  assertEquals(await muted.tries("hello"), "ack");
  assertEquals(await creator.tries("/unmute mut"), "ack");
  assertEquals(await muted.tries("hello", { room: "den" }), "ack");
});

test("mutes a guest, who has no key, until it is unmuted", async () => {
  const { guest, creator } = await den();
  assertEquals(await creator.tries("/mute gus"), "ack");
  assertEquals(await guest.tries("hello"), "muted");
  assertEquals(await creator.tries("/unmute gus"), "ack");
  assertEquals(await guest.tries("hello"), "ack");
});
