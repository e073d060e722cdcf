import { assertEquals } from "@std/assert";
import { factsOf, memoryPair } from "../_memory_transport.ts";
import { withFirstBytes } from "../../src/net/transport.ts";
import { collect, utf8 } from "../_chunks.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("transport");

test("brings the bytes that were read from it first once more", async () => {
  const [near, far] = memoryPair();
  await near.write(utf8("GET"));
  const rest = far[Symbol.asyncIterator]();
  const first = (await rest.next()).value!.slice();
  const whole = withFirstBytes(first, rest, far);
  await near.write(utf8(" / "));
  await near.closeWrite();
  assertEquals(await collect(whole), utf8("GET / "));
});

test("brings no empty chunk when nothing was read from it first", async () => {
  const [near, far] = memoryPair();
  const rest = far[Symbol.asyncIterator]();
  const whole = withFirstBytes(new Uint8Array(0), rest, far);
  await near.write(utf8("x"));
  assertEquals(
    (await whole[Symbol.asyncIterator]().next()).value,
    utf8("x"),
  );
  near.close();
});

test("is the same transport otherwise when its first bytes were read", async () => {
  const [near, far] = memoryPair();
  const whole = withFirstBytes(utf8("x"), far[Symbol.asyncIterator](), far);
  assertEquals(factsOf(whole), factsOf(far));
  await whole.write(utf8("answer"));
  await whole.closeWrite();
  assertEquals(await collect(near), utf8("answer"));
  const reading = near[Symbol.asyncIterator]().next();
  whole.close();
  assertEquals((await reading).done, true);
});

test("keeps what is known of the other end when its first bytes were read", () => {
  const facts = {
    peer: { hostname: "192.0.2.7", port: 7 },
    isEncrypted: true,
    isLocal: false,
    key: "SHA256:a key",
  };
  const [near] = memoryPair(facts);
  const whole = withFirstBytes(utf8("x"), near[Symbol.asyncIterator](), near);
  assertEquals(factsOf(whole), facts);
  near.close();
});

test("is let go by one who stops reading after its first bytes", async () => {
  let isLetGo = false;
  const rest: AsyncIterator<Uint8Array, undefined> = {
    next: () => Promise.resolve({ done: false, value: utf8("rest") }),
    return: () => {
      isLetGo = true;
      return Promise.resolve({ done: true, value: undefined });
    },
  };
  const [near, far] = memoryPair();
  for await (const chunk of withFirstBytes(utf8("first"), rest, far)) {
    assertEquals(chunk, utf8("first"));
    break;
  }
  assertEquals(isLetGo, true);
  near.close();
});
