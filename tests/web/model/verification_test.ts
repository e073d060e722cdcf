/** Comparing fingerprints: what is confirmed is meant for the keys that were shown. */
import { assertEquals, assertRejects } from "@std/assert";
import { ConfabError } from "../../../src/base/errors.ts";
import { Chat } from "../../../src/web/model/chat.ts";
import { takeEvent } from "../../../src/web/model/events.ts";
import { compare, confirm } from "../../../src/web/model/verification.ts";
import { KEYS, Seat } from "./_seat.ts";

function whois(key: string | undefined) {
  const shown = key === undefined ? { guest: true as const } : { key };
  const facts = { rooms: [], since: 0, idleMs: 0 };
  return { type: "whois", name: "bob", ...shown, ...facts } as const;
}

async function compared(seat: Seat, key: string) {
  const comparing = compare(seat.chat, "bob");
  await seat.answer("whois", whois(key));
  return await comparing;
}

const verified = (seat: Seat) =>
  seat.memory.memory.verified.map(({ name, key }) => `${name} ${key}`);

Deno.test("the very key that was shown is remembered", async () => {
  await using seat = await Seat.take();
  const shown = await compared(seat, KEYS.bob);
  assertEquals(shown, {
    own: { name: "ann", key: KEYS.ann },
    other: { name: "bob", key: KEYS.bob },
    standing: "unknown",
  });
  const confirming = confirm(seat.chat, shown);
  await seat.answer("whois", whois(KEYS.bob));
  assertEquals(await confirming, undefined);
  assertEquals(verified(seat), [`bob ${KEYS.bob}`]);
  assertEquals(seat.chat.isVerified("bob", KEYS.bob), true);
  assertEquals(seat.chat.isVerified("bob", KEYS.eve), false);
});

Deno.test("when the key changes between showing and yes, nothing is remembered, and it is loud", async () => {
  await using seat = await Seat.take();
  const shown = await compared(seat, KEYS.bob);
  const confirming = confirm(seat.chat, shown);
  await seat.answer("whois", whois(KEYS.eve));
  assertEquals((await confirming)?.other.key, KEYS.eve);
  assertEquals(verified(seat), []);
  const alarms = seat.place("lobby").live.lines.filter((line) =>
    line.kind === "note" && line.tone === "alarm"
  );
  assertEquals(alarms.length, 1);
});

Deno.test("who has gone meanwhile is verified by the key that was shown", async () => {
  await using seat = await Seat.take();
  const shown = await compared(seat, KEYS.bob);
  const confirming = confirm(seat.chat, shown);
  await seat.settle();
  const { id } = seat.client.asked.at(-1)!;
  seat.client.refuse(id, new ConfabError("no-such-person", "bob is not here"));
  assertEquals(await confirming, undefined);
  assertEquals(verified(seat), [`bob ${KEYS.bob}`]);
});

Deno.test("one's own key is the one that is here, whatever the server says", async () => {
  await using seat = await Seat.take();
  const { client, clock, chat: { host, keeper: memory } } = seat;
  const chat = new Chat({ client, clock, host, memory, key: KEYS.ann });
  const names = { name: "ann", server: "test", room: "lobby", version: "0" };
  const connected = (more: { key?: string }) => {
    const welcome = { type: "welcome", ...names, ...more } as const;
    takeEvent(chat, { kind: "connected", welcome, isFirst: true });
    return chat.key.value;
  };
  assertEquals(connected({ key: KEYS.eve }), KEYS.ann);
  assertEquals(connected({}), undefined);
});

Deno.test("who is another than it seems is read aloud so", async () => {
  await using seat = await Seat.take({
    verified: [{ name: "bob", key: KEYS.bob, at: "2026-01-01T00:00:00.000Z" }],
  });
  const said = { from: "bob", txt: "hello", seq: 1, at: 1, key: KEYS.eve };
  await seat.hear({ type: "chat", room: "lobby", ...said });
  seat.clock.advance(1_000);
  assertEquals(seat.chat.aloud.utterances.value.map(({ text }) => text), [
    "bob (not the one you verified): hello",
  ]);
});

Deno.test("another key of somebody who was verified is told before it is compared", async () => {
  const at = "2026-01-01T00:00:00.000Z";
  const stored = { verified: [{ name: "bob", key: KEYS.bob, at }] };
  await using seat = await Seat.take(stored);
  assertEquals((await compared(seat, KEYS.eve)).standing, "changed");
  assertEquals((await compared(seat, KEYS.bob)).standing, "verified");
});

Deno.test("a guest has nothing to compare", async () => {
  await using seat = await Seat.take();
  const comparing = compare(seat.chat, "bob");
  const refused = assertRejects(() => comparing, ConfabError, "bob has no key");
  await seat.answer("whois", whois(undefined));
  await refused;
});
