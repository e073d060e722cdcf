// Who does not read costs the others nothing and the server a bounded amount, and misses nothing.

import { assert, assertEquals } from "@std/assert";
import { assertCounts } from "./_messages.ts";
import { arrived, enter, flood, say } from "./_people.ts";
import { Server } from "./_program.ts";
import { scenario } from "./_scenario.ts";
import type { WireClient } from "./_wire_client.ts";

const TOTAL = 20_000;
/** With this much in each text the whole is 14 MB: more than a kernel holds for a connection. */
const FILL = "x".repeat(600);
const GROWTH_BYTES = 150 * 1024 * 1024;

function chats(client: WireClient): number[] {
  return arrived(client, "chat").map(({ seq }) => seq as number);
}

/**
 * Looks at the last arrivals only: not everything at each, and a `users` may follow the last chat.
 */
async function hearsAll(client: WireClient): Promise<void> {
  await client.inbox.until(
    () => client.inbox.all.slice(-5).some(({ seq }) => seq === TOTAL),
    `chat ${TOTAL}`,
  );
}

/** What the server holds; nothing where it cannot be read. */
async function residentBytes(server: Server): Promise<number> {
  return Deno.build.os === "linux" ? await server.residentBytes() : 0;
}

scenario(
  "one who stops reading holds up nobody, bloats nothing, and then gets everything once and in order",
  async () => {
    await using server = await Server.start("--rate", "0");
    await using slow = await enter(server, { name: "slow" });
    await using ann = await enter(server, { name: "ann" });
    await using bob = await enter(server, { name: "bob" });
    await slow.next({ type: "joined", name: "bob" });
    const before = await residentBytes(server);
    slow.stopReading();
    const ack = await flood(ann, TOTAL, {}, FILL);
    assertEquals(ack.seq, TOTAL);
    await hearsAll(bob);
    assertCounts(chats(bob), 1, TOTAL);
    assert(chats(slow).length < TOTAL);
    const grown = await residentBytes(server) - before;
    assert(grown < GROWTH_BYTES, `grown by ${grown} bytes`);
    await say(bob, "the others still talk");
    slow.resumeReading();
    await slow.inbox.until(
      () => caughtUp(slow),
      "everything that was said meanwhile",
    );
    assertCounts(chats(slow), 1, TOTAL + 1);
    await slow.next({ type: "users" });
    await say(slow, "back again");
  },
);

/** The last chat need not be the last arrival: a fresh `users` follows it. */
function caughtUp(client: WireClient): boolean {
  return client.inbox.all.slice(-5).some(({ seq }) => seq === TOTAL + 1);
}

scenario(
  "one who stops reading while talking is read again once it reads",
  async () => {
    await using server = await Server.start("--rate", "0");
    await using slow = await enter(server, { name: "slow" });
    await using ann = await enter(server, { name: "ann" });
    slow.stopReading();
    await flood(ann, TOTAL / 2, {}, FILL);
    // Behind as it is, the server may not read from it until it has read.
    const said = say(slow, "meanwhile");
    slow.resumeReading();
    const ack = await said;
    assertEquals(ack.seq, TOTAL / 2 + 1);
    const heard = await ann.next({ type: "chat", from: "slow" });
    assertEquals(heard.seq, ack.seq);
    await slow.inbox.until(
      () => chats(slow).length >= TOTAL / 2,
      "everything that was said before",
    );
    assertCounts(chats(slow).slice(0, TOTAL / 2), 1, TOTAL / 2);
  },
);
