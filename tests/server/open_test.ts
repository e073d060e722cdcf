import { assertEquals, assertRejects } from "@std/assert";
import { ChannelError } from "../../src/base/errors.ts";
import type { Transport, TransportFacts } from "../../src/net/transport.ts";
import { fingerprint } from "../../src/secure/fingerprint.ts";
import { initiate } from "../../src/secure/handshake.ts";
import { generateKeyPair } from "../../src/secure/x25519.ts";
import { open, type Opened, type Opener } from "../../src/server/open.ts";
import { encodeMessage } from "../../src/wire/server.ts";
import { utf8 } from "../_chunks.ts";
import { memoryPair, standIn } from "../_memory_transport.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("open");
const SERVER = await generateKeyPair();
const CLIENT = await generateKeyPair();
const FAR: Partial<TransportFacts> = {
  peer: { hostname: "192.0.2.7", port: 7 },
  isLocal: false,
};

/** What a server that is found like this makes of a client's first bytes. */
async function opened(
  first: Uint8Array | string,
  {
    facts = {},
    plaintext = "loopback" as "loopback" | "everywhere",
    openers = {},
  }: {
    facts?: Partial<TransportFacts>;
    plaintext?: "loopback" | "everywhere";
    openers?: Record<string, Opener>;
  } = {},
): Promise<Opened | undefined> {
  const [near, far] = memoryPair(facts);
  await far.write(typeof first === "string" ? utf8(first) : first);
  await far.closeWrite();
  const options = { identity: SERVER, plaintext, openers, onSealing: () => {} };
  return await open(near, options);
}

/** The dialect, or the reason and the words of the refusal. */
function said(opened: Opened | undefined): string[] {
  if (opened === undefined) return [];
  if (opened.kind === "session") return [opened.codec.dialect];
  const words = new TextDecoder().decode(opened.words);
  return [opened.reason, words.replace(/^\0\0\0./s, "")];
}

const FRAMED = encodeMessage({ type: "chat", txt: "hi" });
const UNSEALED =
  "this server accepts sealed connections only: use `confab join`";
const UNSPOKEN = "this server does not speak this: use `confab join`";

test("takes what each dialect says on this machine", async () => {
  assertEquals(said(await opened(FRAMED)), ["json"]);
  assertEquals(said(await opened('{"type":"chat"}\n')), ["json lines"]);
  assertEquals(said(await opened("HELLO ann\n")), ["hello"]);
  assertEquals(said(await opened("hi there\n")), ["terminal"]);
});

test("brings the first bytes again", async () => {
  const found = await opened("HELLO ann\nhi\n");
  assertEquals(found?.kind, "session");
  const chunks = found!.transport[Symbol.asyncIterator]();
  assertEquals((await chunks.next()).value, utf8("HELLO ann\nhi\n"));
});

const DIALECTS: Record<string, [first: Uint8Array | string, words: string]> = {
  "framed JSON": [
    FRAMED,
    `{"type":"error","code":"plaintext-refused","text":"${UNSEALED}"}`,
  ],
  "lines of JSON": [
    '{"type":"chat"}\n',
    `{"type":"error","code":"plaintext-refused","text":"${UNSEALED}"}\n`,
  ],
  "HELLO": ["HELLO ann\n", `ERR PLAINTEXT_REFUSED ${UNSEALED}\n`],
  "a terminal": ["hi\n", `! ${UNSEALED}\n`],
};

for (const [what, [first, words]] of Object.entries(DIALECTS)) {
  test(`refuses ${what} in its own words where anybody on the way could read it`, async () => {
    const refused = await opened(first, { facts: FAR });
    assertEquals(said(refused), ["plaintext-refused", words]);
  });

  test(`takes ${what} from elsewhere where it is encrypted, or where that is allowed`, async () => {
    const encrypted = { ...FAR, isEncrypted: true };
    assertEquals((await opened(first, { facts: encrypted }))?.kind, "session");
    const allowed = await opened(first, {
      facts: FAR,
      plaintext: "everywhere",
    });
    assertEquals(allowed?.kind, "session");
  });
}

test("refuses in its own words what is not spoken here", async () => {
  assertEquals(said(await opened("NICK ann\r\n")), [
    "irc",
    `ERROR :${UNSPOKEN}\r\n`,
  ]);
  const [reason, http] = said(await opened("GET / HTTP/1.1\r\n\r\n"));
  assertEquals([reason, http!.split("\r\n")[0], http!.split("\r\n\r\n")[1]], [
    "http",
    "HTTP/1.1 501 Not Implemented",
    `${UNSPOKEN}\n`,
  ]);
  const tls = await opened(Uint8Array.of(0x16, 0x03, 0x01, 0x00));
  assertEquals(tls?.kind === "refused" && tls.words, refusedHandshake);
});

/** RFC 8446: alert, legacy version 1.2, two bytes: fatal, handshake_failure. */
const refusedHandshake = Uint8Array.of(0x15, 3, 3, 0, 2, 2, 40);

test("refuses another version, and a frame of a length that none has, in a plain frame", async () => {
  const other = frameOf("confab/2 and more");
  assertEquals(said(await opened(other)), [
    "sealed-other",
    '{"type":"error","code":"unsupported-version","text":"this server speaks confab/1: use a client of that version"}',
  ]);
  assertEquals(said(await opened(Uint8Array.of(0, 1, 0, 0))), [
    "too-large",
    '{"type":"error","code":"too-large","text":"a frame has at most 65535 bytes"}',
  ]);
});

test("has no words for what nobody would understand", async () => {
  const unknown = await opened(Uint8Array.of(0xff, 0xfe, 0));
  assertEquals(unknown?.kind === "refused" && "words" in unknown, false);
  assertEquals(said(unknown), ["unknown", ""]);
});

test("is nothing when it ends before it says what it is", async () => {
  assertEquals(await opened(""), undefined);
  assertEquals(await opened(Uint8Array.of(0, 0)), undefined);
});

test("reads no more than it needs to tell", async () => {
  const [near, far] = memoryPair();
  let reads = 0;
  const counted: Transport = {
    ...standIn(near),
    async *[Symbol.asyncIterator]() {
      for await (const chunk of near) {
        reads++;
        yield chunk;
      }
      return undefined;
    },
  };
  for (const piece of ["HEL", "LO", " ann", "\n", "hi\n"]) {
    await far.write(utf8(piece));
  }
  const options = { identity: SERVER, onSealing: () => {} };
  const found = await open(counted, { ...options, plaintext: "loopback" });
  assertEquals([said(found), reads], [["hello"], 3]);
  near.close();
});

test("answers a handshake, and reads JSON of full clients inside", async () => {
  const [near, far] = memoryPair(FAR);
  let sealing = 0;
  const [found, channel] = await Promise.all([
    open(near, {
      identity: SERVER,
      plaintext: "loopback",
      onSealing: () => void sealing++,
    }),
    initiate(far, {
      identity: CLIENT,
      judgeServer: () => {},
    }),
  ]);
  assertEquals([said(found), sealing], [["json"], 1]);
  const { isEncrypted, isLocal, key } = found!.transport;
  assertEquals([isEncrypted, isLocal], [true, false]);
  assertEquals(key, await fingerprint(CLIENT.publicKey));
  assertEquals(found?.kind === "session" && found.codec.entry, "itself");
  channel.close();
});

test("fails with a handshake that does not hold", async () => {
  await assertRejects(
    () => opened(frameOf("confab/1 and no Noise")),
    ChannelError,
  );
});

test("opens in the same way what another opener finds inside", async () => {
  // A carrier that encrypts: what it carries comes after its own first line.
  const openers: Record<string, Opener> = {
    http: async ({ transport }, options) => {
      const chunks = transport[Symbol.asyncIterator]();
      const { value } = await chunks.next();
      const inner = value!.slice(value!.indexOf(0x0a) + 1);
      return await open({
        ...standIn(transport),
        isEncrypted: true,
        async *[Symbol.asyncIterator]() {
          yield inner;
          return undefined;
        },
      }, options);
    },
  };
  const within = async (inner: string) =>
    await opened(`GET / HTTP/1.1\n${inner}`, { facts: FAR, openers });
  assertEquals(said(await within("HELLO ann\n")), ["hello"]);
  assertEquals(said(await within("GET /deeper HTTP/1.1\nhi\n")), ["terminal"]);
  assertEquals(said(await within("NICK ann\n"))[0], "irc");
  assertEquals((await within("HELLO ann\n"))?.transport.isEncrypted, true);
});

/** A frame around a text. */
function frameOf(text: string): Uint8Array {
  return Uint8Array.of(0, 0, 0, text.length, ...utf8(text));
}
