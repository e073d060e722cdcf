import { assert, assertEquals, assertRejects } from "@std/assert";
import { ConfabError } from "../../src/base/errors.ts";
import {
  type Asked,
  commandOf,
  RequestTable,
} from "../../src/client/request_table.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("request table");

function chat(id: string, txt = `text ${id}`): Asked {
  return { type: "chat", txt, room: "lobby", id };
}

function command(id: string, name: string, args = ""): Asked {
  return { type: "command", name, args, id };
}

/** A table with a connection, and the ids of what was sent on it. */
function connected(): { table: RequestTable; sent: string[] } {
  const table = new RequestTable();
  const sent: string[] = [];
  table.connected(({ id }) => sent.push(id));
  return { table, sent };
}

/** Asks without waiting for the answer; what becomes of it is told by its code. */
function ask(table: RequestTable, asked: Asked): Promise<string> {
  return table.ask(asked).then(({ type }) => type, (error) => error.code);
}

function ids(table: RequestTable): string[] {
  return table.waiting.map(({ id }) => id);
}

test("sends what is asked, and resolves with the answer of its id", async () => {
  const { table, sent } = connected();
  const one = table.ask(chat("1"));
  const two = table.ask(command("2", "topic"));
  assertEquals(sent, ["1", "2"]);
  const notice = { type: "notice", text: "no topic", id: "2" } as const;
  assertEquals(table.answer("2", notice), command("2", "topic"));
  assertEquals(await two, notice);
  const ack = { type: "ack", id: "1", room: "lobby", seq: 4, at: 9 } as const;
  table.answer("1", ack);
  assertEquals(await one, ack);
  assertEquals(table.answer("1", ack), undefined);
});

test("rejects with the code and the words of the server, whose message is the cause", async () => {
  const { table } = connected();
  const muted = table.ask(chat("1"));
  const strange = table.ask(chat("2"));
  const refusal = {
    type: "error",
    code: "muted",
    text: "you are muted",
    id: "1",
  } as const;
  table.answer("1", refusal);
  table.answer("2", { ...refusal, code: "closed", id: "2" });
  const error = await assertRejects(() => muted, ConfabError, "you are muted");
  assertEquals([error.code, error.cause], ["muted", refusal]);
  // A server cannot choose how the client takes its own faults.
  const other = await assertRejects(() => strange, ConfabError);
  assertEquals(other.code, "connection");
});

test("shows what waits, in the order it was said, from when it is asked", () => {
  const table = new RequestTable();
  void ask(table, chat("1"));
  void ask(table, { type: "chat", txt: "psst", to: "bob", id: "2" });
  assertEquals(table.waiting, [
    { type: "chat", txt: "text 1", room: "lobby", id: "1" },
    { type: "chat", txt: "psst", to: "bob", id: "2" },
  ]);
});

test("sends what was asked without a connection when there is one, in order", () => {
  const table = new RequestTable();
  for (const id of ["1", "2", "3"]) void ask(table, chat(id));
  const sent: string[] = [];
  table.connected(({ id }) => sent.push(id));
  assertEquals(sent, ["1", "2", "3"]);
});

test("has 256 without an answer at most on their way, and sends more as answers come", () => {
  const { table, sent } = connected();
  for (let n = 1; n <= 300; n++) void ask(table, chat(`${n}`));
  assertEquals([sent.length, table.waiting.length], [256, 300]);
  table.answer("1", { type: "ack", id: "1" });
  table.answer("2", { type: "ack", id: "2" });
  assertEquals(sent.slice(255), ["256", "257", "258"]);
});

test("says after a cut again what has no answer, and fails what asks", async () => {
  const { table } = connected();
  void ask(table, chat("1"));
  void ask(table, chat("2", "//slashed"));
  const questions = [
    ask(table, command("3", "me", "waves")),
    ask(table, chat("4", "/topic")),
    ask(table, { type: "history", room: "lobby", id: "5" }),
  ];
  void ask(table, chat("6"));
  table.answer("1", { type: "ack", id: "1" });
  assert(table.hasQuestion);
  table.cut();
  assertEquals(await Promise.all(questions), ["closed", "closed", "closed"]);
  assert(!table.hasQuestion);
  assertEquals(ids(table), ["2", "6"]);
  void ask(table, command("7", "list"));
  const sent: string[] = [];
  table.connected(({ id }) => sent.push(id));
  assertEquals(sent, ["2", "6", "7"]);
});

test("takes a replayed message for the answer to the request that said it", async () => {
  const { table } = connected();
  const said = table.ask(chat("1"));
  const whispered = table.ask({ type: "chat", txt: "x", to: "bob", id: "2" });
  const stored = { from: "ann", txt: "x", seq: 4, at: 9 };
  const replayed = { type: "chat", room: "lobby", ...stored } as const;
  table.acknowledge(replayed);
  table.acknowledge({ ...replayed, id: "other" });
  table.acknowledge({ type: "unknown", room: "lobby", seq: 4 });
  assertEquals(ids(table), ["1", "2"]);
  table.acknowledge({ ...replayed, id: "1" });
  table.acknowledge({ type: "private", to: "bob", ...stored, id: "2" });
  assertEquals(await said, { ...replayed, id: "1" });
  assertEquals(await whispered, {
    type: "private",
    to: "bob",
    ...stored,
    id: "2",
  });
  assertEquals(ids(table), []);
});

test("settles a request when it is called back", async () => {
  const { table } = connected();
  const callbacks: (() => void)[] = [];
  let isSettled = false;
  const said = table.ask(chat("1"), {
    settle: (callback) => callbacks.push(callback),
  });
  void said.then(() => isSettled = true);
  table.answer("1", { type: "ack", id: "1" });
  assertEquals(ids(table), []);
  await Promise.resolve();
  assert(!isSettled);
  for (const callback of callbacks) callback();
  assertEquals((await said).type, "ack");
});

test("counts what a replay acknowledged as on its way until its own ack comes", () => {
  const { table } = connected();
  for (let n = 1; n <= 300; n++) void ask(table, chat(`${n}`));
  table.cut();
  const sent: string[] = [];
  table.connected(({ id }) => sent.push(id));
  const stored = { room: "lobby", from: "ann", txt: "x", seq: 1, at: 1 };
  for (const id of ["1", "257"]) {
    table.acknowledge({ type: "chat", ...stored, id });
  }
  assertEquals(sent.length, 256);
  table.answer("1", { type: "ack", id: "1" });
  // What needs no sending any more is not sent.
  assertEquals(sent.slice(255), ["256", "258"]);
});

test("fails what cannot be sent, and goes on", async () => {
  const table = new RequestTable();
  const sent: string[] = [];
  table.connected(({ id }) => {
    if (id === "1") throw new ConfabError("frame", "too long");
    sent.push(id);
  });
  const long = ask(table, chat("1"));
  void ask(table, chat("2"));
  assertEquals([await long, sent, ids(table)], ["frame", ["2"], ["2"]]);
});

test("is settled when nothing waits for an answer", async () => {
  const { table } = connected();
  await table.settled();
  void ask(table, chat("1"));
  void ask(table, chat("2"));
  let isSettled = false;
  const settled = table.settled().then(() => isSettled = true);
  table.answer("1", { type: "ack", id: "1" });
  await eventLoopTurn();
  assert(!isSettled);
  table.answer("2", { type: "ack", id: "2" });
  await settled;
  void ask(table, chat("3"));
  const ended = table.settled();
  table.end(new ConfabError("closed", "the end"));
  await ended;
});

test("refuses an id that waits already", async () => {
  const { table, sent } = connected();
  void ask(table, chat("1"));
  assertEquals(await ask(table, chat("1", "other")), "id-reused");
  assertEquals(sent, ["1"]);
});

test("fails everything at the end, and what is asked later", async () => {
  const { table } = connected();
  const waiting = [ask(table, chat("1")), ask(table, command("2", "list"))];
  table.end(new ConfabError("banned", "you are banned"));
  assertEquals(await Promise.all(waiting), ["banned", "banned"]);
  assertEquals([await ask(table, chat("3")), ids(table)], ["banned", []]);
});

test("knows a command however it is given", () => {
  assertEquals(commandOf(command("1", "join", " +dev ")), {
    name: "join",
    args: "+dev",
  });
  assertEquals(commandOf({ type: "command", name: "leave" }), {
    name: "leave",
    args: "",
  });
  assertEquals(commandOf(chat("1", "/Join dev")), {
    name: "Join",
    args: "dev",
  });
  assertEquals(commandOf(chat("1", "//join dev")), undefined);
  assertEquals(commandOf({ type: "history", room: "dev" }), undefined);
});
