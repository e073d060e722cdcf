/** The transport over a browser's WebSocket, against one of the runtime's. */
import { assertEquals, assertRejects } from "@std/assert";
import { ConfabError } from "../../src/base/errors.ts";
import { WEB_UNREAD_MAX_BYTES } from "../../src/base/limits.ts";
import { dialWebSocket } from "../../src/web/web_socket.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("web socket", { net: ["127.0.0.1"] });
const NEVER = new AbortController().signal;

/** A server that does this with each socket that opens. */
function listen(opened: (socket: WebSocket) => void) {
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => {
      const { socket, response } = Deno.upgradeWebSocket(request);
      socket.binaryType = "arraybuffer";
      socket.onopen = () => opened(socket);
      return response;
    },
  );
}

const urlOf = ({ addr }: Deno.HttpServer<Deno.NetAddr>) =>
  `ws://127.0.0.1:${addr.port}/ws`;

test("carries bytes both ways, and ends with what was sent before", async () => {
  await using server = listen((socket) => {
    socket.onmessage = ({ data }) => {
      socket.send(data);
      socket.send(Uint8Array.of(4));
      socket.close();
    };
  });
  const transport = await dialWebSocket(urlOf(server), NEVER);
  assertEquals(transport.isEncrypted, false);
  await transport.write(Uint8Array.of(1, 2, 3));
  const chunks: number[][] = [];
  for await (const chunk of transport) chunks.push([...chunk]);
  assertEquals(chunks, [[1, 2, 3], [4]]);
  await assertRejects(() => transport.write(Uint8Array.of(1)), ConfabError);
});

test("ends at once when it is closed here, whatever is not read", async () => {
  const closed = Promise.withResolvers<void>();
  await using server = listen((socket) => {
    socket.onclose = () => closed.resolve();
    socket.send(Uint8Array.of(1));
    socket.send(Uint8Array.of(2));
  });
  const transport = await dialWebSocket(urlOf(server), NEVER);
  const chunks = transport[Symbol.asyncIterator]();
  assertEquals((await chunks.next()).done, false);
  transport.close();
  assertEquals((await chunks.next()).done, true);
  await closed.promise;
});

test("text, which is none of the chat's bytes, ends it", async () => {
  const closed = Promise.withResolvers<void>();
  await using server = listen((socket) => {
    socket.onclose = () => closed.resolve();
    socket.send("hello");
  });
  const transport = await dialWebSocket(urlOf(server), NEVER);
  for await (const _ of transport) throw new Error("nothing is read");
  await closed.promise;
});

test("what nobody reads is bounded", async () => {
  const closed = Promise.withResolvers<void>();
  await using server = listen((socket) => {
    socket.onclose = () => closed.resolve();
    const piece = new Uint8Array(1_024 * 1_024);
    const pieces = WEB_UNREAD_MAX_BYTES / piece.length + 1;
    for (let count = 0; count < pieces; count++) socket.send(piece);
  });
  const transport = await dialWebSocket(urlOf(server), NEVER);
  await closed.promise;
  for await (const _ of transport) throw new Error("all of it was dropped");
});

test("messages of no bytes are bounded, too", async () => {
  const closed = Promise.withResolvers<void>();
  await using server = listen((socket) => {
    socket.onclose = () => closed.resolve();
    const nothing = new Uint8Array();
    for (let count = 0; count < 200_000; count++) socket.send(nothing);
  });
  const transport = await dialWebSocket(urlOf(server), NEVER);
  await closed.promise;
  for await (const _ of transport) throw new Error("all of it was dropped");
});

test("a server that is not there, or nobody waits for, is a fault of the connection", async () => {
  const server = listen(() => {});
  const url = urlOf(server);
  const aborted = AbortSignal.abort();
  await assertRejects(() => dialWebSocket(url, aborted), ConfabError);
  await server.shutdown();
  const error = await assertRejects(
    () => dialWebSocket(url, NEVER),
    ConfabError,
    "cannot be reached",
  );
  assertEquals(error.code, "connection");
});
