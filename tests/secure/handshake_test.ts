import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertNotEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import fc from "fast-check";
import {
  ChannelError,
  ConfabError,
  UnverifiedError,
} from "../../src/base/errors.ts";
import { memoryPair } from "../_memory_transport.ts";
import type { Transport } from "../../src/net/transport.ts";
import { fingerprint } from "../../src/secure/fingerprint.ts";
import { initiate, respond } from "../../src/secure/handshake.ts";
import { join, lengths, utf8 } from "../_chunks.ts";
import { propertyOptions, testsOf } from "../_testing.ts";
import { tcpPair } from "../net/_tcp_pair.ts";
import {
  CLIENT,
  cutting,
  editing,
  frame,
  MAGIC,
  noiseSide,
  type Sealed,
  sealedPair,
  SERVER,
  take,
} from "./_sealed.ts";

const test = testsOf("handshake");
const testOnNet = testsOf("handshake", { net: ["127.0.0.1"] });
const OPTIONS = propertyOptions(50);

const seal = { identity: CLIENT, judgeServer: () => {} };

async function assertAgreed({ client, server }: Sealed): Promise<void> {
  assertEquals(client.key, await fingerprint(SERVER.publicKey));
  assertEquals(server.key, await fingerprint(CLIENT.publicKey));
  for (const [from, to] of [[client, server], [server, client]] as const) {
    const said = utf8(`from ${from.key}`);
    await from.write(said);
    assertEquals(await take(to[Symbol.asyncIterator](), said.length), said);
  }
}

/** A carrier that keeps a copy of everything that is written to it. */
function recording(carrier: Transport, writes: Uint8Array[]): Transport {
  return editing(carrier, (bytes) => {
    writes.push(bytes);
    return bytes;
  });
}

test("tells each end the other's key, and gives both the same keys of the connection", async () => {
  const sealed = await sealedPair();
  await assertAgreed(sealed);
  sealed.client.close();
});

test("makes a channel that is encrypted, and knows the fingerprint of the other's key", async () => {
  const carriers = memoryPair({ isLocal: false });
  const { client, server } = await sealedPair({ carriers });
  assertEquals(client.key, await fingerprint(SERVER.publicKey));
  assertEquals(server.key, await fingerprint(CLIENT.publicKey));
  assertEquals([client.isEncrypted, server.isEncrypted], [true, true]);
  // Where the other end is, the carrier knows.
  assertEquals([client.isLocal, server.isLocal], [false, true]);
  client.close();
});

testOnNet("does so over TCP", async () => {
  const carriers = await tcpPair();
  const sealed = await sealedPair({ carriers });
  await assertAgreed(sealed);
  assertEquals(sealed.client.peer.hostname, "127.0.0.1");
  for (const carrier of carriers) carrier.close();
});

test("does so however its bytes are cut", async () => {
  const agreed = fc.asyncProperty(lengths, lengths, async (one, other) => {
    const [near, far] = memoryPair();
    const carriers = [cutting(near, one), cutting(far, other)] as const;
    await assertAgreed(await sealedPair({ carriers }));
    near.close();
  });
  await fc.assert(agreed, OPTIONS);
});

test("gives each connection keys of its own, though those of its ends are the same", async () => {
  const records = await Promise.all([1, 2].map(async () => {
    const [near, far] = memoryPair();
    const sent: Uint8Array[] = [];
    const carriers = [recording(near, sent), far] as const;
    const { client } = await sealedPair({ carriers });
    await client.write(utf8("the same"));
    client.close();
    return sent.at(-1)!.toHex();
  }));
  assertNotEquals(records[0], records[1]);
});

test("is three frames of the sizes that Noise XX has without payloads", async () => {
  const [near, far] = memoryPair();
  const [sent, answered]: [Uint8Array[], Uint8Array[]] = [[], []];
  const carriers = [recording(near, sent), recording(far, answered)] as const;
  const { client } = await sealedPair({ carriers });
  // The name and e; the sealed s and the tag of nothing.
  assertEquals(sent.map((bytes) => bytes.length), [
    4 + 8 + 32,
    4 + (32 + 16) + 16,
  ]);
  // e, the sealed s and the tag of nothing.
  assertEquals(answered.map((bytes) => bytes.length), [4 + 32 + 48 + 16]);
  assertEquals(
    sent[0]!.subarray(0, 12),
    join([Uint8Array.of(0, 0, 0, 40), MAGIC]),
  );
  client.close();
});

test("shows the server's key to the client before its own is shown", async () => {
  const [near, far] = memoryPair();
  const sent: Uint8Array[] = [];
  const judged: [Uint8Array, number][] = [];
  const allowed = Promise.withResolvers<void>();
  const judgeServer = (key: Uint8Array) => {
    judged.push([key, sent.length]);
    allowed.resolve();
    return allowed.promise;
  };
  const [client] = await Promise.all([
    initiate(recording(near, sent), { ...seal, judgeServer }),
    respond(far, { identity: SERVER }),
  ]);
  assertEquals(judged, [[SERVER.publicKey, 1]]);
  client.close();
});

for (const way of ["throws", "rejects"] as const) {
  test(`ends before the client's key is sent when the judge ${way}`, async () => {
    const [near, far] = memoryPair();
    const sent: Uint8Array[] = [];
    const refusal = new Error("not this server");
    const judgeServer = () => {
      if (way === "throws") throw refusal;
      return Promise.reject(refusal);
    };
    const [client, server] = await Promise.allSettled([
      initiate(recording(near, sent), { ...seal, judgeServer }),
      respond(far, { identity: SERVER }),
    ]);
    assertStrictEquals((client as PromiseRejectedResult).reason, refusal);
    assertInstanceOf((server as PromiseRejectedResult).reason, ChannelError);
    assertEquals(sent.length, 1);
    await assertRejects(() => near.write(utf8("x")));
  });
}

/** A server that answers the first message with `answer`; the client's handshake with it. */
async function answeredWith(answer: Uint8Array): Promise<unknown> {
  const [near, far] = memoryPair();
  const client = initiate(near, seal);
  await take(far[Symbol.asyncIterator](), 44);
  await far.write(answer);
  return await client.finally(() => far.close());
}

test("tells the client what the server says in plain", async () => {
  const text = "this server speaks confab/1: use a client of that version";
  const plain = { type: "error", code: "unsupported-version", text };
  const error = await assertRejects(
    () => answeredWith(frame(utf8(JSON.stringify(plain)))),
    UnverifiedError,
  );
  assertEquals([error.code, error.message], [
    "unsupported-version",
    'not verified (whoever answered showed no key): "this server speaks confab/1: use a client of that version"',
  ]);
  const escape = {
    type: "error",
    code: "busy",
    text: "\x1b[2Jtry\n\nconfab: later\x07",
  };
  const shown = await assertRejects(
    () => answeredWith(frame(utf8(JSON.stringify(escape)))),
    UnverifiedError,
  );
  assertEquals([shown.code, shown.message], [
    "busy",
    'not verified (whoever answered showed no key): "[2Jtry confab: later"',
  ]);
  const long = { type: "error", code: "busy", text: "x".repeat(900) };
  const cut = await assertRejects(() =>
    answeredWith(frame(utf8(JSON.stringify(long))))
  );
  assert((cut as Error).message.endsWith(`"${"x".repeat(119)}…"`));
});

test("does nothing on the word of one who is not authenticated but show it", async () => {
  const codes = ["password-required", "password-wrong", "banned", "usage", "x"];
  for (const code of codes) {
    const plain = { type: "error", code, text: "say it here" };
    const error = await assertRejects(
      () => answeredWith(frame(utf8(JSON.stringify(plain)))),
      ConfabError,
    );
    assertEquals([error.code, error.message], [
      "connection",
      'not verified (whoever answered showed no key): "say it here"',
    ]);
  }
});

test("takes anything else in plain for a fault", async () => {
  const answers = [
    '{"type":"bye","code":"refused","text":"no"}',
    '{"type":"error"}',
    '{"type":"welcome"}',
    "{",
    "ERR no\r\n",
  ];
  for (const answer of answers) {
    await assertRejects(() => answeredWith(frame(utf8(answer))), ChannelError);
  }
});

test("ends when the other end does, after whichever message", async () => {
  const [near, far] = memoryPair();
  const client = initiate(near, seal);
  await take(far[Symbol.asyncIterator](), 44);
  await far.closeWrite();
  await assertRejects(() => client, ChannelError);

  const noise = await noiseSide("initiator");
  const first = frame(MAGIC, await noise.write());
  for (const bytes of [first.slice(0, 0), first.slice(0, 20), first]) {
    const [peer, own] = memoryPair();
    const server = respond(own, { identity: SERVER });
    await peer.write(bytes);
    await peer.closeWrite();
    await assertRejects(() => server, ChannelError);
  }
});
