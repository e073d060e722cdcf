import { assert, assertEquals, assertRejects } from "@std/assert";
import { ConfabError } from "../../../src/base/errors.ts";
import { Monitor } from "../../../src/web/model/monitor.ts";
import {
  actionsOnConnection,
  askStop,
} from "../../../src/web/model/monitor_actions.ts";
import type { ServerMessage } from "../../../src/wire/server.ts";
import type { Status } from "../../../src/wire/watched.ts";
import { KEYS, Seat } from "./_seat.ts";

const BEGIN = 1_790_000_000_000;

function status(more: Partial<Status> = {}): Status {
  const server = {
    ...{ name: "confab", version: "1", since: BEGIN, address: "" },
    ...{ fingerprint: "", durability: "full" },
  };
  return { type: "status", at: BEGIN, server, numbers: {}, ...more };
}

const HISTORY = { stepMs: 10_000, until: BEGIN, series: { connections: [3] } };

/** What was asked, in a word and what belongs to it; with `from`, only what came since. */
function asked({ client }: Seat, from = 0): string[] {
  return client.asked.slice(from).flatMap((one) => {
    if (one.type === "watch") return [`watch ${one.what.join(" ")}`.trim()];
    return one.type === "command"
      ? [`/${one.name} ${one.args ?? ""}`.trim()]
      : [];
  });
}

/** Answers the last request of which this is the beginning. */
async function answer(
  seat: Seat,
  beginning: string,
  how: ServerMessage | ConfabError,
): Promise<void> {
  await seat.settle();
  const all = seat.client.asked.filter((one) => {
    const text = one.type === "watch"
      ? "watch"
      : one.type === "command"
      ? `/${one.name} ${one.args ?? ""}`
      : "";
    return text.startsWith(beginning);
  });
  const { id } = all.at(-1)!;
  if (how instanceof ConfabError) seat.client.refuse(id, how);
  else seat.client.answer(id, how);
  await seat.settle();
}

const ACK = { type: "ack", id: "" } as const;

async function watching(seat: Seat): Promise<Monitor> {
  const monitor = new Monitor(seat.chat);
  monitor.start();
  await answer(seat, "watch", ACK);
  await seat.hear(status({ history: HISTORY }));
  return monitor;
}

Deno.test("the monitor: it watches while it is open, and no longer", async () => {
  await using seat = await Seat.take();
  const monitor = new Monitor(seat.chat);
  const stop = monitor.start();
  assertEquals(asked(seat).at(-1), "watch status connections log");
  await answer(seat, "watch", ACK);
  assertEquals(monitor.watching.value, "watching");
  assertEquals(seat.chat.isAdmin.value, true);
  assertEquals(asked(seat).slice(-3), [
    "/list",
    "/server bans",
    "/server admins",
  ]);
  await seat.hear(status({ numbers: { people: 4 } }));
  assertEquals(monitor.status.value!.numbers.people, 4);
  stop();
  assertEquals(asked(seat).at(-1), "watch");
  await seat.hear(status({ numbers: { people: 5 } }));
  assertEquals(monitor.status.value!.numbers.people, 4);
});

Deno.test("the monitor: after a reconnect it asks again, and no line is there twice", async () => {
  await using seat = await Seat.take();
  const monitor = await watching(seat);
  const one = { at: BEGIN, level: "info", event: "one", fields: {} };
  const two = { ...one, event: "two" };
  await seat.hear({ type: "log", entries: [one] });
  seat.client.push({ kind: "disconnected", reason: "", retryInMs: 1_000 });
  await seat.settle();
  assertEquals(monitor.watching.value, "offline");
  const before = seat.client.asked.length;
  seat.client.connect(false);
  await seat.settle();
  assertEquals(asked(seat, before), ["watch status connections log"]);
  await answer(seat, "watch", ACK);
  await seat.hear(status({ history: HISTORY }));
  await seat.hear({ type: "log", entries: [one, two] });
  await seat.hear({ type: "log", entries: [two] });
  const events = monitor.log.lines.value.map(({ event }) => event);
  assertEquals(events, ["one", "two", "two"]);
});

Deno.test("the monitor: a stranger is refused, and sees nothing", async () => {
  await using seat = await Seat.take();
  const monitor = new Monitor(seat.chat);
  monitor.start();
  const why = new ConfabError("not-allowed", "only administrators may");
  await answer(seat, "watch", why);
  assertEquals(monitor.watching.value, "refused");
  assertEquals(monitor.fault.value!.code, "not-allowed");
  assertEquals(seat.chat.isAdmin.value, false);
  assertEquals(monitor.status.value, undefined);
  assertEquals(asked(seat).at(-1), "watch status connections log");
});

Deno.test("the monitor: who is no administrator any more is told when it falls silent", async () => {
  await using seat = await Seat.take();
  const monitor = await watching(seat);
  await seat.hear({
    type: "log",
    entries: [{ at: 1, level: "info", event: "x", fields: {} }],
  });
  const before = seat.client.asked.length;
  seat.clock.advance(14_000);
  await seat.hear(status());
  seat.clock.advance(14_000);
  await seat.settle();
  assert(!asked(seat, before).includes("watch status connections log"));
  seat.clock.advance(17_000);
  await answer(seat, "watch", new ConfabError("not-allowed", "no"));
  assertEquals(monitor.watching.value, "refused");
  assertEquals(monitor.status.value, undefined);
  assertEquals(monitor.log.lines.value, []);
  assertEquals(monitor.hour.valuesOf("connections"), []);
});

Deno.test("the monitor: of what was done nothing is left either", async () => {
  await using seat = await Seat.take();
  const { chat } = seat;
  const monitor = await watching(seat);
  await seat.hear({ type: "connections", connections: [], more: 7 });
  monitor.said.value = "192.0.2.1 is banned";
  monitor.hasMoreBans.value = true;
  chat.dialog.value = { kind: "invite" };
  seat.clock.advance(30_000);
  await answer(seat, "watch", new ConfabError("not-allowed", "no"));
  assertEquals(
    [monitor.more.value, monitor.said.value, monitor.hasMoreBans.value],
    [0, "", false],
  );
  assertEquals(chat.dialog.value, undefined);
});

Deno.test("the monitor: closed before its answer it watches nothing, unless another is open", async () => {
  await using seat = await Seat.take();
  const open = () => new Monitor(seat.chat).start();
  open()();
  const { id } = seat.client.asked.at(-1)!;
  const stop = open();
  seat.client.answer(id, ACK);
  await seat.settle();
  assertEquals(asked(seat).at(-1), "watch status connections log");
  stop();
  await answer(seat, "watch", ACK);
  assertEquals(asked(seat).at(-1), "watch");
});

Deno.test("the monitor: rooms are asked for every ten seconds, bans page by page", async () => {
  await using seat = await Seat.take();
  const monitor = await watching(seat);
  const room = { name: "garden", people: 2 };
  await answer(seat, "/list", { type: "rooms", rooms: [room] });
  assertEquals(monitor.rooms.value, [room]);
  const before = seat.client.asked.length;
  seat.clock.advance(10_000);
  await seat.settle();
  assertEquals(asked(seat, before), ["/list"]);

  const ban = (target: string) => ({ target, by: "ann", at: BEGIN });
  const first = { type: "bans", bans: [ban("192.0.2.1")], more: true } as const;
  await answer(seat, "/server bans", { ...first, bans: [...first.bans] });
  assertEquals(monitor.hasMoreBans.value, true);
  const more = monitor.loadBans("more");
  await answer(seat, "/server bans 192.0.2.1", {
    ...{ type: "bans", bans: [ban("192.0.2.9")], more: false },
  });
  await more;
  assertEquals(monitor.bans.value.map(({ target }) => target), [
    ...["192.0.2.1", "192.0.2.9"],
  ]);
  assertEquals(monitor.hasMoreBans.value, false);
});

Deno.test("the monitor: a kick is asked for first, by key, and its answer is shown", async () => {
  await using seat = await Seat.take();
  const monitor = await watching(seat);
  const connection = {
    ...{ id: "1/7", name: "bob", key: KEYS.bob, address: "192.0.2.1" },
    ...{ dialect: "json", since: BEGIN, rooms: [], idleMs: 0, queuedBytes: 0 },
  };
  const actions = actionsOnConnection(monitor, connection);
  actions.find(({ text }) => text.startsWith("Kick"))!.run();
  const dialog = seat.chat.dialog.value!;
  assert(dialog.kind === "question" && dialog.question.isGrave);
  const done = Promise.resolve(dialog.question.run("too loud"));
  await answer(seat, "/server kick", ACK);
  await done;
  assertEquals(asked(seat).at(-1), `/server kick ${KEYS.bob} too loud`);
  assertEquals(monitor.said.value, "bob was kicked");
  const targets = ["Close", "Ban the address"].map((text) => {
    actions.find((one) => one.text.startsWith(text))!.run();
    const shown = seat.chat.dialog.value!;
    return shown.kind === "question" && shown.question.title;
  });
  assertEquals(targets, ["Close connection 1/7?", "Ban 192.0.2.1?"]);
});

Deno.test("the monitor: the server is stopped by whoever writes so", async () => {
  await using seat = await Seat.take();
  const monitor = await watching(seat);
  askStop(monitor);
  const dialog = seat.chat.dialog.value!;
  assert(dialog.kind === "question");
  const { question } = dialog;
  const before = seat.client.asked.length;
  await assertRejects(() => Promise.resolve(question.run("please")), Error);
  assertEquals(asked(seat, before), []);
  const done = Promise.resolve(question.run("Stop for a new disk"));
  await answer(seat, "/server stop", ACK);
  await done;
  assertEquals(asked(seat, before), ["/server stop for a new disk"]);
});

Deno.test("the monitor: what is said behind it is not read", async () => {
  await using seat = await Seat.take();
  seat.chat.isMonitorOpen.value = true;
  seat.client.say("bob", "are you there?", BEGIN);
  await seat.settle();
  assertEquals(seat.place("lobby").unread.value, 1);
  seat.chat.isMonitorOpen.value = false;
  seat.chat.look();
  assertEquals(seat.place("lobby").unread.value, 0);
});
