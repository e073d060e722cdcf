// The real client at a server that means no good.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { frame, utf8 } from "./_frames.ts";
import { Home, openPipe, pipe } from "./_program.ts";
import { Responder } from "./_responder.ts";
import { scenario } from "./_scenario.ts";
import { ByteSocket } from "./_sockets.ts";

const FAR = 8_640_000_000_000_001;
const WELCOME = { type: "welcome", name: "pat", server: "s", version: "0" };

scenario(
  "times, numbers, names and depths that nothing has end no client",
  async () => {
    await using home = new Home();
    await using responder = new Responder();
    const address = `127.0.0.1:${responder.port}`;
    const flags = ["--trust-new", "--listen", "--name", "pat"];
    await using pat = openPipe(home, address, "pat", ...flags);
    await responder.messages.next(({ type }) => type === "hello", "hello");
    const said = { room: "lobby", from: "eve", txt: "odd", seq: 1, at: FAR };
    await responder.send([
      { ...WELCOME, room: "lobby", key: "__proto__", next: "__proto__" },
      { type: "here", room: "lobby" },
      { type: "users", room: "lobby", users: [{ name: "__proto__" }] },
      {
        type: "history",
        room: "lobby",
        messages: [{ type: "chat", ...said }],
        more: true,
      },
      { type: "chat", ...said },
      { type: "chat", ...said, seq: 2 ** 53 - 1, at: -1e300 },
      { type: "chat", ...said, seq: 2, at: 1e300, txt: "odder" },
      { type: "left", room: "x", name: "a b", at: 0, reason: "constructor" },
      { type: "ack", id: "x", seq: 2 ** 53 - 1, at: FAR },
      { type: "next", key: "\n".repeat(100) },
      { type: "__proto__", seq: 1 },
      { type: "bye", code: "kicked", text: "out\nconfab: come back" },
    ]);
    responder.hangUp();
    assertEquals((await pat.ended()).code, 1);
    assertMatch(pat.stdout, /\] eve: odd\n.*\] eve: odder\n\* a_b left x\n/s);
    assertEquals(pat.stderr, "confab: server: out confab: come back\n");
  },
);

scenario(
  "what is said before a key was shown is not taken for the client's own, nor for the server's",
  async () => {
    for (const code of ["busy", "unsupported-version", "banned", "usage"]) {
      await using home = new Home();
      const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const text = `\u001b[31mthe key is verified\nconfab: ${"x".repeat(800)}`;
      const answer = JSON.stringify({ type: "error", code, text });
      const answering = listener.accept().then((conn) => {
        const socket = new ByteSocket(conn, () => {
          socket.write(frame(utf8(answer)));
        });
        return socket;
      });
      const address = `127.0.0.1:${(listener.addr as Deno.NetAddr).port}`;
      const { stdout, stderr, code: status } = await pipe(
        home,
        address,
        "pat",
        ["--trust-new"],
        ["hello"],
      );
      await (await answering)[Symbol.asyncDispose]();
      listener.close();
      assertEquals([status, stdout], [1, ""]);
      const begin =
        'confab: not verified (whoever answered showed no key): "[31mthe key is verified confab: xxx';
      assert(stderr.startsWith(begin), stderr);
      assertEquals(stderr.split("\n").length, 2);
      assert(stderr.length < 250, stderr);
    }
  },
);
