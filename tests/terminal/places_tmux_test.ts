import { assert, assertEquals } from "@std/assert";
import { Home, pipe, Server } from "../e2e/_program.ts";
import { Relay } from "../e2e/_relay.ts";
import { unless } from "../_testing.ts";
import { hasTmux, Pane } from "./_tmux.ts";

const missing = await hasTmux() ? undefined : "there is no tmux here";

function test(
  name: string,
  fn: (server: Server, home: Home) => Promise<void>,
): void {
  Deno.test({
    ...unless(missing, `nothing goes astray in a terminal: ${name}`),
    fn: async () => {
      await using server = await Server.start();
      await using home = new Home();
      await fn(server, home);
    },
  });
}

const SIZE = { columns: 80, rows: 24 };
const DELAY_MS = 300;

/** What ends each row that a message begins. */
const untimed = (row: string) => row.replace(/^\[\d\d:\d\d\] /, "");

function person(address: string, home: Home, name: string): Promise<Pane> {
  const args = `join ${address} --trust-new --name ${name}`;
  const env = { CONFAB_DATA: home.file(name), NO_COLOR: "1" };
  return Pane.open(args, env, SIZE);
}

async function enter(pane: Pane, line: string): Promise<void> {
  await pane.type(line);
  await pane.press("Enter");
}

/** The texts that the server has of a room. */
async function history(
  server: Server,
  home: Home,
  room: string,
): Promise<string[]> {
  const flags = ["--trust-new", "--json", "--history", "300", "--room", room];
  const { stdout } = await pipe(home, server.address, "reader", flags);
  return stdout.trim().split("\n").map((line) => JSON.parse(line))
    .flatMap(({ type, txt }) => type === "chat" ? [txt] : []);
}

/** Somebody in the lobby of a terminal that marks its pastes: lines that come at once are typed. */
async function typist(
  address: string,
  home: Home,
  name: string,
): Promise<Pane> {
  const pane = await person(address, home, name);
  await pane.last("lobby ›");
  await pane.paste("x");
  await pane.last("lobby › x");
  await pane.press("C-c");
  await pane.last("lobby ›");
  return pane;
}

/** Enters lines faster than the server takes them. */
async function flood(pane: Pane, lines: readonly string[]): Promise<void> {
  for (let at = 0; at < lines.length; at += 50) {
    const some = lines.slice(at, at + 50).flatMap((line) => [line, "Enter"]);
    await pane.press(...some);
  }
}

const numbered = (count: number) =>
  Array.from({ length: count }, (_, n) => `line-${n + 1}`);

/** The lines of the screen that begin so, without that. */
const behind = (rows: readonly string[], begin: string) =>
  rows.map(untimed).filter((row) => row.startsWith(begin))
    .map((row) => row.slice(begin.length));

test(
  "what is typed behind /join is said where that leads, on a slow line and over a cut",
  async (server, home) => {
    await using relay = new Relay(server.port, DELAY_MS);
    await using ann = await typist(relay.address, home, "ann");
    await enter(ann, "/join ops");
    await enter(ann, "for ops");
    await enter(ann, "/join dev");
    await enter(ann, "for dev");
    await ann.type("half");
    await ann.last("dev › half");
    await ann.press("C-u");
    await ann.last("dev ›");
    relay.isMute = true;
    await enter(ann, "/join qa");
    await enter(ann, "for qa");
    await ann.until(
      (rows) => rows.includes("waits for /join qa: for qa"),
      "the line that waits",
    );
    await ann.type("ha");
    relay.cut();
    relay.isMute = false;
    await ann.type("lf");
    await ann.until(
      (rows) => rows.map(untimed).includes("ann: for qa"),
      "the line that was said",
    );
    await ann.last("qa › half");
    for (
      const [room, texts] of [["lobby", []], ["ops", ["for ops"]], ["dev", [
        "for dev",
      ]], ["qa", ["for qa"]]] as const
    ) {
      assertEquals(await history(server, home, room), [...texts], room);
    }
  },
);

test(
  "a kick leaves the half-typed line in the dead room, and /join leads back to it",
  async (server, home) => {
    await using bob = await typist(server.address, home, "bob");
    await enter(bob, "/join +dev");
    await bob.last("dev ›");
    await using ann = await typist(server.address, home, "ann");
    await enter(ann, "/join +dev");
    await ann.last("dev ›");
    await enter(bob, "/msg ann look");
    await ann.type("half a sen");
    await ann.last("[3:@bob 1!] dev › half a sen");
    await enter(bob, "/kick ann too loud");
    await ann.last("[3:@bob 1!] dev (kicked) › half a sen");
    await ann.until(
      (rows) => {
        const told = "* bob kicked you from dev: too loud";
        const at = rows.findIndex((row) => untimed(row) === told);
        return at >= 0 &&
          rows[at + 1]!.startsWith("* you are not in dev any more");
      },
      "by whom and why, before what to do",
    );
    await ann.press("Enter");
    await ann.until(
      (rows) =>
        rows.some((row) =>
          row.startsWith(
            "! not sent: you are not in dev any more: Ctrl+U, then /join dev;",
          )
        ),
      "that it was not sent",
    );
    await ann.press("C-u");
    await enter(ann, "/join dev");
    await ann.last("[3:@bob 1!] dev › half a sen");
    await ann.type("tence");
    await ann.press("Enter");
    await bob.until(
      (rows) => rows.map(untimed).includes("ann: half a sentence"),
      "the sentence",
    );
    await ann.press("M-1");
    await ann.last("[3:@bob 1!] lobby ›");
  },
);

test(
  "a room that one was banned from during a cut keeps what was being typed there",
  async (server, home) => {
    await using relay = new Relay(server.port);
    await using bob = await typist(server.address, home, "bob");
    await enter(bob, "/join +dev");
    await bob.last("dev ›");
    await using ann = await typist(relay.address, home, "ann");
    await enter(ann, "/join +dev");
    await ann.last("dev ›");
    await ann.type("half");
    await ann.last("dev › half");
    // Nobody listens there.
    relay.target = 1;
    relay.cut();
    await ann.last("dev (offline) › half");
    await enter(bob, "/ban ann");
    await bob.until(
      (rows) => rows.map(untimed).includes("* ann left dev (banned by bob)"),
      "the ban",
    );
    relay.target = server.port;
    await ann.last("dev (banned) › half");
    await ann.press("Enter");
    await ann.until(
      (rows) =>
        rows.includes(
          "! not sent: you are not in dev any more: an operator can /unban you",
        ),
      "that it was not sent",
    );
    await ann.press("C-u");
    await enter(ann, "/leave");
    await ann.last("lobby ›");
    assertEquals(await history(server, home, "lobby"), []);
  },
);

test(
  "whoever leaves while two hundred lines drain is told of each that may not be there, and of no other",
  async (server, home) => {
    const lines = numbered(200);
    await using ann = await typist(server.address, home, "ann");
    await flood(ann, lines);
    await ann.until(
      (rows) => rows.map(untimed).includes("ann: line-30"),
      "some that are said",
    );
    await ann.press("C-c", "C-c");
    await ann.until(
      (rows) =>
        rows.some((row) =>
          /^waiting for \d+ messages to be sent; Ctrl\+C again leaves at once$/
            .test(row)
        ),
      "the wait",
    );
    await ann.press("C-c");
    const rows = await ann.last("ended");
    const said = behind(rows, "ann: ");
    const perhaps = behind(rows, "! perhaps not sent: ");
    const not = behind(rows, "! not sent: ");
    assert(perhaps.length > 50, `${perhaps.length} were waiting`);
    assertEquals([...said, ...perhaps, ...not], lines);
    const kept = await history(server, home, "lobby");
    assertEquals(kept.slice(0, said.length), said);
    assertEquals(kept, lines.slice(0, kept.length));
    assertEquals(kept.filter((line) => not.includes(line)), []);
  },
);

test(
  "whoever waits leaves when all is sent",
  async (server, home) => {
    const lines = numbered(40);
    await using ann = await typist(server.address, home, "ann");
    await flood(ann, lines);
    await ann.until(
      (rows) => rows.map(untimed).includes("ann: line-5"),
      "some that are said",
    );
    await ann.press("C-c", "C-c");
    const rows = await ann.last("ended");
    assertEquals(rows.filter((row) => row.includes("not sent")), []);
    assertEquals(behind(rows, "ann: "), lines);
    assertEquals(await history(server, home, "lobby"), lines);
  },
);
