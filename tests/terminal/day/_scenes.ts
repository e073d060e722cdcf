/** What happens in a day. Each scene begins and ends with nothing under way and nothing typed. */
import { assert, assertEquals } from "@std/assert";
import { within } from "../../e2e/_scenario.ts";
import type { Day } from "./_day.ts";
import { tokenIn } from "./_ledger.ts";
import type { Terminal } from "./_terminal.ts";

export type Scene = (day: Day) => Promise<void>;

/** A text and where it is broken off while it is typed. */
function halves(text: string): [string, string] {
  const at = text.indexOf(" ");
  const middle = Math.max(at, Math.floor(text.length / 2));
  const half = text.slice(0, middle).trimEnd();
  return [half, text.slice(half.length)];
}

/** Where somebody can say something together with others. */
const COMMON = ["lobby", "dev", "ops"];

async function typed(who: Terminal, rest: string): Promise<void> {
  await who.pane.type(rest);
  await who.pane.press("Enter");
}

async function talk(day: Day): Promise<void> {
  await day.chatter();
  await day.all(day.terminals, (one) => {
    const text = day.text(one.id);
    return one.place.startsWith("@") ? one.say(text) : one.act(text);
  });
  await day.settle();
}

/** Everybody goes about, and says something at once where they come to. */
async function goAbout(day: Day): Promise<void> {
  await day.all(day.terminals, async (one) => {
    await one.go(day.random.pick(COMMON));
    await one.say(day.text(one.id));
  });
  await day.chatter();
  await day.settle();
}

/** What is typed behind `/join` is meant for where that leads. */
async function joining(day: Day): Promise<void> {
  const [one] = day.random.some(day.terminals, 1) as [Terminal];
  const room = day.newRoom();
  const isBesides = day.random.isTrue();
  // From a conversation it would lead away from the room that one was in last.
  if (one.place.startsWith("@")) await one.go("lobby");
  const left = one.place;
  const trouble = day.random.pick(["none", "cut", "stall"]);
  if (trouble === "stall") one.relay.stall();
  await one.enter(`/join ${isBesides ? "+" : ""}${room}`);
  await one.say(day.text(one.id), room);
  await one.say(day.text(one.id), room);
  const [half, rest] = halves(day.text(one.id));
  await one.pane.type(half);
  if (trouble !== "none") await one.row(`waits for /join`);
  if (trouble !== "none") one.relay.cut();
  one.relay.release();
  await day.chatter(one);
  one.place = room;
  await one.prompt(half);
  one.note(half + rest);
  await typed(one, rest);
  await day.settle();
  if (isBesides) await one.go("lobby");
  else {
    // Where one was before is left: back there, with a line behind it.
    await one.enter(`/join ${left}`);
    await one.say(day.text(one.id), left);
    one.place = left;
    one.places.delete(room);
    await day.settle();
    return;
  }
  // What one is not looking at is left from there.
  await one.go(room);
  await one.enter("/leave");
  await one.until(
    (rows) => / ?\S+ ›$/.test(rows.at(-1)!) && !rows.at(-1)!.includes(room),
    "another place",
  );
  const place = / ?(\S+) ›$/.exec(await lastRow(one))![1]!;
  one.place = place.startsWith("@") ? `@${idOf(day, place.slice(1))}` : place;
  await day.settle();
}

async function lastRow(one: Terminal): Promise<string> {
  return (await one.pane.screen()).at(-1)!;
}

function idOf(day: Day, name: string): string {
  return [...day.terminals, ...day.speakers]
    .find(({ id }) => day.nameOf(id) === name)!.id;
}

/** Nothing goes through for a while; then all does, or the connection is gone. */
async function stall(day: Day): Promise<void> {
  const some = day.random.some(day.terminals, 2);
  for (const { relay } of some) relay.stall();
  await day.all(some, async (one) => {
    for (let n = 0; n < 3; n++) await one.say(day.text(one.id));
  });
  await day.chatter(...some);
  await day.all(some, (one) => one.row("sending: "));
  for (const { relay } of some) {
    if (day.random.isTrue()) relay.cut();
    relay.release();
  }
  await day.settle();
}

/** Connections are lost while everybody talks. */
async function cuts(day: Day): Promise<void> {
  const some = day.random.some([...day.terminals, ...day.speakers], 3);
  await day.chatter();
  for (const { relay } of some) relay.cut();
  await day.chatter();
  await day.settle();
}

/** The server ends while everybody talks. */
async function serverEnds(
  day: Day,
  signal: "SIGKILL" | "SIGTERM",
): Promise<void> {
  await day.settle();
  await day.chatter();
  const [eve, fay, gus] = day.speakers;
  await day.restartServer(signal, async () => {
    await day.all(day.terminals, async (one) => {
      await one.row("(offline)");
      await one.say(day.text(one.id));
    });
    await day.all([eve!, gus!], (one) => one.say(day.text(one.id)));
    await fay!.settle();
  });
  await day.settle();
}

const serverKilled = (day: Day) => serverEnds(day, "SIGKILL");
const serverStopped = (day: Day) => serverEnds(day, "SIGTERM");

/** Looks at everything that waits. */
async function visitAll(one: Terminal): Promise<void> {
  for (const place of one.places) await one.go(place);
}

/** Waits until the program would begin again where it is. */
async function remembered(one: Terminal, ...parts: string[]): Promise<void> {
  let text = "";
  let isOver = false;
  const look = async () => {
    do {
      text = await Deno.readTextFile(`${one.data}/client.json`).catch(() => "");
    } while (!isOver && !parts.every((part) => text.includes(part)));
  };
  await within(look(), () => `${parts} of ${one.id} in ${text}`)
    .finally(() => isOver = true);
}

/** A client is killed with two drafts, and begins again with what was said meanwhile. */
async function clientKilled(day: Day): Promise<void> {
  const [one, other] = day.random.some(day.terminals, 2) as [
    Terminal,
    Terminal,
  ];
  const [there, here] = day.random.some(COMMON, 2) as [string, string];
  await visitAll(one);
  await one.go(there);
  await day.settle();
  const [first, firstRest] = halves(day.text(one.id));
  await one.pane.type(first);
  await one.prompt(first);
  await one.go(here);
  const [second, secondRest] = halves(day.text(one.id));
  await one.pane.type(second);
  await one.prompt(second);
  await remembered(
    one,
    `"draft": "${first}"`,
    `"draft": "${second}"`,
    `"current": "${here}"`,
  );
  await one.end("killed");
  await other.go(there);
  const count = day.random.between(1, 5);
  for (let n = 0; n < count; n++) await other.say(day.text(other.id));
  await day.chatter(other);
  await day.settle();
  await one.start(second);
  // What was read in the last seconds may be new again; a narrow prompt only counts places.
  const rows = await one.row(new RegExp(`^\\[(.* )?(\\d+:${there} |\\+)\\d+`));
  const shown = new RegExp(`:${there} (\\d+)`).exec(rows.at(-1)!)?.[1];
  assert(Number(shown ?? count) >= count, rows.at(-1));
  one.note(second + secondRest);
  await typed(one, secondRest);
  await one.go(there, first);
  one.note(first + firstRest);
  await typed(one, firstRest);
  await day.settle();
}

/** A client is told to end while nothing goes through: it says what is perhaps not sent. */
async function clientEnds(day: Day): Promise<void> {
  const [one] = day.random.some(day.terminals, 1) as [Terminal];
  one.relay.stall();
  for (let n = 0; n < 3; n++) await one.say(day.text(one.id));
  await one.row("sending: ");
  await one.signal("SIGTERM");
  const rows = await one.end("ended");
  let named = 0;
  for (const row of rows) {
    const fault = /^! (perhaps )?not sent: (.*)$/.exec(row);
    const line = day.ledger.of(tokenIn(fault?.[2] ?? "") ?? "");
    if (line === undefined) continue;
    line.fate = fault![1] === undefined ? "unsent" : "perhaps";
    named++;
  }
  assertEquals(named, 3, rows.join("\n"));
  one.relay.release();
  await day.chatter();
  await day.settle();
  await one.start();
  await day.settle();
}

/** Somebody is put out with half a line, which stays there. */
async function kick(day: Day): Promise<void> {
  const [ann, ...others] = day.terminals as [Terminal, ...Terminal[]];
  const [one] = day.random.some(others, 1) as [Terminal];
  await day.all([ann, one], (who) => who.go("dev"));
  const [half, rest] = halves(day.text(one.id));
  await one.pane.type(half);
  await one.prompt(half);
  await ann.enter(`/kick ${one.name} ${day.random.pick(["noisy", ""])}`);
  await one.prompt(half, "kicked");
  await day.chatter(one);
  await one.pane.press("Enter");
  await one.row("! not sent: you are not in dev any more: Ctrl+U");
  await one.pane.press("C-u");
  await one.enter("/join dev");
  await one.prompt(half);
  one.note(half + rest);
  await typed(one, rest);
  await day.settle();
}

/** Somebody is banned, tries all the same, and is let in again. */
async function ban(day: Day): Promise<void> {
  const [ann, ...others] = day.terminals as [Terminal, ...Terminal[]];
  const [one] = day.random.some(others, 1) as [Terminal];
  await day.all([ann, one], (who) => who.go("dev"));
  await ann.enter(`/ban ${one.name} enough of it`);
  await one.prompt("", "banned");
  // It stands behind a long prompt, in one row.
  const text = day.text(one.id, 1);
  await one.enter("/join dev");
  await one.enter(text);
  await one.row("what you entered after it is in the line again");
  await one.prompt(text, "banned");
  await day.chatter(one);
  await ann.enter(`/unban ${one.name}`);
  await one.row(/unbanned you from dev/);
  await one.pane.press("C-u");
  await one.enter("/join dev");
  const [half, rest] = halves(day.text(one.id));
  await one.pane.type(half);
  await one.row(new RegExp(`dev › .*${half}$`));
  // What was typed there comes back, or goes before.
  const row = await lastRow(one);
  const line = row.slice(row.indexOf("› ") + 2);
  assertEquals(line, half);
  one.note(line + rest);
  await typed(one, rest);
  await day.settle();
}

/** Many lines at once are asked about, and are one message. */
async function paste(day: Day): Promise<void> {
  const [one] = day.random.some(day.terminals, 1) as [Terminal];
  const lines = Array.from(
    { length: day.random.between(6, 12) },
    (_, n) => n === 0 ? day.text(one.id) : `line ${n + 1} of it`,
  );
  await one.pane.paste(lines.join("\n"));
  await one.row(new RegExp(`line ${lines.length} of it$`));
  await one.pane.press("Enter");
  await one.row(`${lines.length} lines in 1 message: Enter again sends`);
  await day.chatter(one);
  one.note(lines.join("\n"));
  await one.pane.press("Enter");
  await day.settle();
}

/** Who is not here reads it later, and answers. */
async function later(day: Day): Promise<void> {
  const [one, other] = day.random.some(day.terminals, 2) as [
    Terminal,
    Terminal,
  ];
  await day.all(day.terminals, (who) => who.go("lobby"));
  await visitAll(other);
  await other.go("lobby");
  await day.settle();
  await other.signal("SIGHUP");
  await other.end("ended");
  const from = `@${one.id}`;
  const to = `@${other.id}`;
  const text = day.text(one.id);
  one.note(text, to);
  await one.enter(`/msg ${other.name} ${text}`);
  await one.row(`→ ${other.name}: ${text.split(" ")[0]}`);
  one.places.add(to);
  await day.chatter();
  await other.start();
  await other.row(`:@${one.name} 1!`);
  const answer = day.text(other.id);
  other.note(answer, from);
  await other.enter(`/reply ${answer}`);
  await other.row(`→ ${one.name}: ${answer.split(" ")[0]}`);
  other.places.add(from);
  await day.all([[other, from], [one, to]] as const, async ([who, place]) => {
    await who.go(place);
    await who.say(day.text(who.id));
  });
  await day.script.tell(other.id, other.name, day.text("gus"));
  other.places.add("@gus");
  await day.settle();
}

/** What was said before can be read while others talk. */
async function reading(day: Day): Promise<void> {
  const [one, other] = day.random.some(day.terminals, 2) as [
    Terminal,
    Terminal,
  ];
  await one.go("lobby");
  await one.pane.press("PageUp");
  await one.row(/^── lobby · .*q ends$/);
  await one.pane.press("PageUp", "PageUp");
  const pagesOf = (rows: readonly string[]) =>
    rows.filter((row) =>
      /^── (now|\/history again.*) ──$| begins there, /.test(row)
    ).length;
  const pages = pagesOf(await other.pane.rows());
  await other.enter("/history");
  await day.chatter(one, other);
  await one.pane.press("q");
  await other.until((rows) => pagesOf(rows) > pages, "the page", 10_000);
  await day.settle();
}

/** Somebody has another name from now on, also where one was writing to them. */
async function renaming(day: Day): Promise<void> {
  const [one, other] = day.random.some(day.terminals, 2) as [
    Terminal,
    Terminal,
  ];
  await other.go("lobby");
  await one.go("lobby");
  const text = day.text(other.id);
  other.note(text, `@${one.id}`);
  await other.enter(`/query ${one.name} ${text}`);
  other.places.add(`@${one.id}`);
  one.places.add(`@${other.id}`);
  other.place = `@${one.id}`;
  await other.prompt();
  const [half, rest] = halves(day.text(other.id));
  await other.pane.type(half);
  await other.prompt(half);
  const name = `${one.id}${day.random.between(2, 99)}`;
  await day.chatter(one, other);
  // What is on its way to a name that is nobody's by then is refused.
  const others = day.terminals.filter((who) => who !== other);
  await day.all(others, (who) => who.settled());
  await one.enter(`/name ${name}`);
  await one.row(`is now ${name}`);
  day.renamed(one.id, name);
  await other.prompt(half);
  other.note(half + rest);
  await typed(other, rest);
  await other.row(/ is @\S+ now: Enter again sends/);
  await other.pane.press("Enter");
  await one.say(day.text(one.id));
  await day.settle();
}

/** Windows change while everybody talks. */
async function resizing(day: Day): Promise<void> {
  await day.chatter();
  await day.all(day.terminals, async (one) => {
    await one.resize({
      columns: day.random.between(66, 110),
      rows: day.random.between(18, 34),
    });
    await one.say(day.text(one.id));
  });
  await day.settle();
}

/** In an order in which each finds what it needs. */
export const SCENES: readonly Scene[] = [
  talk,
  goAbout,
  joining,
  stall,
  kick,
  later,
  cuts,
  paste,
  serverKilled,
  clientKilled,
  ban,
  renaming,
  clientEnds,
  reading,
  serverStopped,
  resizing,
];
