/** Clients that say no `hello` themselves: the codec says it for them. */
import { assertEquals } from "@std/assert";
import { codecFor } from "../../src/gateway/codecs.ts";
import { encodeMessage } from "../../src/wire/server.ts";
import type { ServerMessage } from "../../src/wire/server.ts";
import { utf8 } from "../_chunks.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import {
  chat,
  countingReads,
  scene,
  type SessionCase,
  SessionScene,
} from "./_session.ts";

const WELCOME: ServerMessage = {
  type: "welcome",
  name: "ann",
  server: "test",
  version: "1",
  room: "lobby",
};

function welcome(it: SessionScene): Promise<void> {
  it.session.send(WELCOME);
  it.session.ready("ann");
  it.session.flush();
  return eventLoopTurn();
}

function speaking(protocol: "hello" | "terminal" | "framed"): SessionCase {
  return { codec: codecFor(protocol)! };
}

scene(
  "decodes what follows a hello only when that is answered",
  speaking("hello"),
  async (it) => {
    // Before the welcome the codec would not know whose name this is.
    await it.sendBytes(utf8("HELLO ann\nMSG ann one\nMSG bob two\n"));
    assertEquals(it.said.splice(0), [{ type: "hello", name: "ann" }]);
    await welcome(it);
    assertEquals(it.takeSaid(), ["one"]);
    assertEquals(it.takeText(), "OK ann\nERR NOT_YOU\n");
  },
);

let reads = 0;
scene("reads nothing more before its hello is answered", {
  ...speaking("hello"),
  wrap: (transport) => countingReads(transport, () => reads++),
}, async (it) => {
  await it.sendBytes(utf8("HELLO ann\n"));
  await it.sendBytes(utf8("MSG ann one\n"));
  await it.sendBytes(utf8("MSG ann two\n"));
  assertEquals([reads, it.takeSaid()], [1, ["hello"]]);
  await welcome(it);
  assertEquals([reads, it.takeSaid()], [3, ["one", "two"]]);
});

scene(
  "ends when its hello is refused, with the refusal as the last word",
  speaking("hello"),
  async (it) => {
    await it.sendBytes(utf8("HELLO ann\nMSG ann one\n"));
    it.session.send({ type: "error", code: "name-taken", text: "taken" });
    await eventLoopTurn();
    assertEquals(it.takeText(), "ERR USERNAME_TAKEN\n");
    assertEquals([it.takeSaid(), it.isOver], [["hello"], true]);
    await it.far.closeWrite();
    await eventLoopTurn();
    assertEquals(it.ended, "closed");
  },
);

scene(
  "goes on after any other error",
  speaking("hello"),
  async (it) => {
    await it.sendBytes(utf8("HELLO ann\n"));
    await welcome(it);
    it.session.send({ type: "error", code: "no-room", text: "no such room" });
    await it.sendBytes(utf8("still here\n"));
    assertEquals(it.takeSaid(), ["hello", "still here"]);
  },
);

scene(
  "says goodbye for one whose input ends, after all that it said",
  speaking("hello"),
  async (it) => {
    await it.sendBytes(utf8("HELLO ann\n"));
    await welcome(it);
    await it.far.write(utf8("one\ntwo"));
    await it.far.closeWrite();
    await eventLoopTurn();
    assertEquals(it.takeSaid(), ["hello", "one", "two", "bye"]);
    assertEquals(it.ended, "closed");
  },
);

scene(
  "hears nothing behind a goodbye",
  speaking("terminal"),
  async (it) => {
    await it.sendBytes(utf8("hi\n"));
    await welcome(it);
    await it.sendBytes(utf8("exit\nand another thing\n"));
    await it.sendBytes(utf8("and more\n"));
    assertEquals(it.takeSaid(), ["hello", "hi", "bye"]);
    it.session.end();
    await it.far.closeWrite();
    await eventLoopTurn();
    assertEquals(it.ended, "closed");
  },
);

scene(
  "tells in the dialect's words why nothing more can be followed",
  speaking("terminal"),
  async (it) => {
    await it.sendBytes(utf8("hi\n"));
    await welcome(it);
    it.takeText();
    await it.sendBytes(utf8(`before\n${"x".repeat(20_000)}\nafter\n`));
    assertEquals(it.takeSaid(), ["hello", "hi", "before"]);
    assertEquals(
      it.takeText(),
      "! a line has more than 16384 bytes: say it in parts\n",
    );
    assertEquals(it.isOver, true);
  },
);

scene(
  "does not ask those for a sign of life who cannot answer, nor gives them up",
  speaking("terminal"),
  async (it) => {
    await it.sendBytes(utf8("hi\n"));
    await welcome(it);
    it.takeText();
    await it.pass(200_000);
    assertEquals([it.takeText(), it.isOver], ["", false]);
  },
);

scene(
  "makes a guest of one that begins with another message than hello",
  speaking("framed"),
  async (it) => {
    await it.send(chat("one"), chat("two"));
    assertEquals(it.takeSaid(), ["hello"]);
    await welcome(it);
    assertEquals([it.takeSaid(), it.take()], [["one", "two"], []]);
    await it.pass(60_000);
    assertEquals(it.take(), []);
  },
);

scene(
  "lets one that says hello enter by itself, whatever is refused",
  speaking("framed"),
  async (it) => {
    await it.send({ type: "hello", name: "bob" }, { type: "hello" });
    assertEquals(it.takeSaid(), ["hello", "hello"]);
    it.session.send({ type: "error", code: "name-taken", text: "taken" });
    await welcome(it);
    assertEquals(it.takeTypes(), ["error", "welcome"]);
    await it.pass(30_000);
    assertEquals(it.takeTypes(), ["ping"]);
    await it.sendBytes(encodeMessage(chat("one")));
    assertEquals(it.takeSaid(), ["one"]);
  },
);

scene(
  "pays for what the codec answers as for what the hub does",
  { ...speaking("hello"), rate: 10 },
  async (it) => {
    await it.sendBytes(utf8("HELLO ann\n"));
    await welcome(it);
    it.takeText();
    await it.sendBytes(utf8("MSG bob hi\n".repeat(30)));
    assertEquals(it.takeText(), "ERR NOT_YOU\n".repeat(20));
    await it.clock.advanceSlowly(1_000, 50);
    assertEquals(it.takeText(), "ERR NOT_YOU\n".repeat(10));
  },
);
