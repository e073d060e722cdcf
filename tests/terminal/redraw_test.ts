import { assertEquals } from "@std/assert";
import { NOON_MS } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { Session } from "./_session.ts";

const test = testsOf("the screen", { sys: true });

/** What the window shows, without what scrolled away. */
function screen(session: Session): string[] {
  const { xterm } = session.terminal;
  const { active } = xterm.buffer;
  return Array.from(
    { length: xterm.rows },
    (_, y) =>
      active.getLine(active.baseY + y)!.translateToString(true).trimEnd()
        .replace(/^\[\d\d:\d\d\] /, ""),
  );
}

test("is drawn again by Ctrl+L as it was, whatever others wrote on it", async () => {
  await using session = await Session.open(40, 6);
  for (let n = 0; n < 9; n++) session.client.say("bob", `${n}`, NOON_MS);
  await session.type("typed");
  const before = ["bob: 4", "bob: 5", "bob: 6", "bob: 7", "bob: 8"];
  assertEquals(screen(session), [...before, "lobby › typed"]);
  await session.terminal.write("\x1b[3;1Hkernel: something\r\nelse");
  await session.type("\x0c");
  assertEquals(screen(session), [...before, "lobby › typed"]);
  assertEquals(session.terminal.cursor.before, "lobby › typed");
  // Nothing of that scrolled away, and nothing of the chat is there twice.
  assertEquals(session.shown(), [
    "* you are ann on test; Tab completes, /help lists the commands",
    ...Array.from({ length: 9 }, (_, n) => `bob: ${n}`),
    "lobby › typed",
  ]);
  await session.type("!");
  session.client.say("bob", "9", NOON_MS);
  await session.settle();
  assertEquals(screen(session).slice(-2), ["bob: 9", "lobby › typed!"]);
});

test("is another's while the chat is suspended; what came meanwhile stands there afterwards", async () => {
  await using session = await Session.open(70, 10);
  const { client, terminal } = session;
  await session.type("typed\x1a");
  assertEquals(terminal.isSuspended, true);
  const suspended = "* suspended: no shell yet? Ctrl+Z again, or Enter to stay";
  assertEquals(screen(session).slice(1, 3), [suspended, ""]);
  client.say("bob", "meanwhile", NOON_MS);
  await session.settle();
  assertEquals(screen(session).slice(1, 3), [suspended, ""]);
  await terminal.write("sh$ fg\r\n");
  terminal.resume();
  await session.settle();
  assertEquals(screen(session).slice(1, 5), [
    suspended,
    "sh$ fg",
    "bob: meanwhile",
    "lobby › typed",
  ]);
  // Where there was no shell: the terminal's own line, which is nobody's text.
  await session.type("\x1a");
  await session.type("x\n");
  assertEquals(terminal.isSuspended, false);
  assertEquals(
    screen(session).filter((row) => row !== "").at(-1),
    "lobby › typed",
  );
});

test("that the chat cannot be suspended is said", async () => {
  await using session = await Session.open(60, 10);
  session.terminal.canSuspend = false;
  await session.type("typed\x1a");
  assertEquals(session.terminal.isSuspended, false);
  assertEquals(session.last(1), ["lobby › typed"]);
  assertEquals(
    session.shown().some((row) => row.includes("can be suspended")),
    true,
  );
});

test("however much comes while the chat is suspended, it waits with the server", async () => {
  await using session = await Session.open(60, 10);
  await session.type("\x1a");
  for (let n = 0; n < 5_000; n++) session.client.say("bob", `${n}`, NOON_MS);
  await session.settle();
  assertEquals(session.client.untaken, 5_000 - 1_001);
  session.terminal.resume();
  await session.settle();
  await session.settle();
  assertEquals(session.last(2)[1], "lobby ›");
  assertEquals(session.shown().at(-2), "bob: 4999");
});
