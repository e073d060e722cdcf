// The test client itself, tried on a small responder before it judges a server.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { Buffer } from "node:buffer";
import { fingerprint, fingerprintWords, generateKey } from "./_keys.ts";
import { type Message, range } from "./_messages.ts";
import { Responder } from "./_responder.ts";
import { scenario } from "./_scenario.ts";
import { LineSocket } from "./_sockets.ts";
import { connect, type WireClient } from "./_wire_client.ts";

function dial(
  responder: Responder,
  more: { bytewise?: true; first?: Message[] } = {},
): Promise<WireClient> {
  return connect({ port: responder.port, sealed: true, ...more });
}

const isLast = (message: Message) => message.type === "last";

scenario(
  "the client seals a handshake that tells both who the other is",
  async () => {
    await using responder = new Responder();
    await using client = await dial(responder);
    assertEquals(
      client.serverFingerprint,
      fingerprint(responder.key.publicKey),
    );
    await client.send({ type: "last" });
    await responder.messages.next(isLast, "the message");
    assertEquals(
      Buffer.from(responder.remoteStatic),
      Buffer.from(client.key.publicKey),
    );
  },
);

scenario(
  "the client refuses a server whose fingerprint is another",
  async () => {
    await using responder = new Responder();
    await assertRejects(
      () =>
        connect({
          port: responder.port,
          sealed: true,
          fingerprint: fingerprint(generateKey().publicKey),
        }),
      Error,
      fingerprint(responder.key.publicKey),
    );
  },
);

scenario(
  "the client sends bytewise, many messages in one record, one over many, and with the handshake's end",
  async () => {
    await using responder = new Responder();
    await using client = await dial(responder, {
      bytewise: true,
      first: [{ type: "early" }, { type: "early" }],
    });
    await client.sendMany(
      range(1, 10).map((t) => ({ type: "in-one", t })),
      { oneRecord: true },
    );
    await client.sendMany(range(1, 3).map((t) => ({ type: "each", t })));
    await client.sendSpread({ type: "last" }, 1);
    await responder.messages.next(isLast, "the last message");
    const types = responder.messages.all.map(({ type }) => type);
    assertEquals(types.filter((type) => type === "early").length, 2);
    assertEquals(types.filter((type) => type === "in-one").length, 10);
    assertEquals(types.filter((type) => type === "each").length, 3);
    const spread = '{"type":"last"}'.length + 4;
    assertEquals(responder.records.length, 1 + 1 + 3 + spread);
    assertEquals(responder.records.slice(-spread), Array(spread).fill(1));
  },
);

scenario(
  "the client corrupts one bit of one record, which the other end does not take",
  async () => {
    for (const part of ["header", "ciphertext", "tag"] as const) {
      await using responder = new Responder();
      await using client = await dial(responder);
      client.corruptNext(part, 0);
      await client.send({ type: "last" });
      assertEquals(await client.finished(`a wrong ${part}`), "cut");
      assert(responder.fault !== undefined, part);
      assertEquals(responder.messages.all, []);
    }
  },
);

scenario(
  "the client answers ping, tells bye from a cut, and finds fault with what the page forbids",
  async () => {
    await using polite = new Responder();
    await using first = await dial(polite);
    await first.send({ type: "last" });
    await polite.messages.next(isLast, "the message");
    await polite.send([{ type: "ping", t: 7 }]);
    const pong = await polite.messages.next(() => true, "the pong");
    assertEquals(pong, { type: "pong", t: 7 });
    await polite.send([{ type: "bye", code: "closed", text: "" }]);
    polite.hangUp();
    await first.next({ type: "bye" });
    assertEquals(await first.finished("bye"), "bye");

    await using rude = new Responder();
    await using second = await dial(rude);
    await second.send({ type: "last" });
    await rude.messages.next(isLast, "the message");
    rude.hangUp();
    assertEquals(await second.finished("hanging up"), "cut");

    await using wrong = new Responder();
    await using third = await dial(wrong);
    await third.send({ type: "last" });
    await wrong.messages.next(isLast, "the message");
    const plaintext = new Uint8Array(64).fill(1, 0, 2);
    await wrong.sendPlaintext(plaintext);
    await assertRejects(() => third.finished("padding"), Error, "data bytes");
  },
);

scenario(
  "a client that stops reading gets everything once it reads again",
  async () => {
    await using responder = new Responder();
    await using client = await dial(responder);
    await client.send({ type: "last" });
    await responder.messages.next(isLast, "the message");
    client.stopReading();
    const messages = range(1, 2_000).map((t) => ({
      type: "m",
      t,
      fill: "x".repeat(10_000), // 20 MB: more than the kernel holds
    }));
    const sent = responder.send(messages);
    await client.send({ type: "last" });
    await responder.messages.next(isLast, "what is said while not reading");
    assert(client.inbox.all.length < messages.length);
    client.resumeReading();
    await sent;
    await client.inbox.until(
      () => client.inbox.all.length === messages.length,
      "all messages",
    );
    assertEquals(
      client.inbox.all.map(({ t }) => t as number),
      range(1, messages.length),
    );
  },
);

scenario(
  "a wait that cannot end fails with what was awaited and what has arrived",
  async () => {
    await using responder = new Responder();
    await using client = await dial(responder);
    await client.send({ type: "last" });
    await responder.messages.next(isLast, "the message");
    await responder.send([{ type: "notice", text: "other" }]);
    await client.inbox.until(() => client.inbox.all.length === 1, "the notice");
    responder.hangUp();
    const error = await assertRejects(() => client.next({ type: "chat" }));
    assert(error.message.includes('{"type":"chat"}'), error.message);
    assert(error.message.includes('"text":"other"'), error.message);
  },
);

scenario("a line socket sends and takes lines with either ending", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const opening = LineSocket.open(listener.addr.port);
  using conn = await listener.accept();
  await using socket = await opening;
  await socket.send("HELLO ann");
  const buffer = new Uint8Array(64);
  const read = await conn.read(buffer) ?? 0;
  assertEquals(
    new TextDecoder().decode(buffer.subarray(0, read)),
    "HELLO ann\n",
  );
  await conn.write(new TextEncoder().encode("OK ann\r\nMSG bob hi\nrest"));
  await socket.next((line) => line === "MSG bob hi", "the second line");
  assertEquals(socket.lines.all, ["OK ann", "MSG bob hi"]);
  await socket.endWriting();
  assertEquals(await conn.read(buffer), null);
  await conn.closeWrite();
  await socket.closed("the end of the lines");
});

scenario(
  "a fingerprint is 43 letters of base64 or 8 words of the same bits",
  () => {
    // Eleven bits a word; 0, 1 and 2,047 are the list's first, second and last.
    const hash = Buffer.alloc(32);
    hash.set([0x00, 0x00, 0x07, 0xff, 0x80]);
    const shown = `SHA256:${hash.toString("base64").slice(0, 43)}`;
    const words = fingerprintWords(shown).split("-");
    assertEquals(words.slice(0, 4), ["abandon", "ability", "zoo", "abandon"]);
    assertEquals(words.length, 8);
  },
);
