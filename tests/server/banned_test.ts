import { assertEquals, assertRejects } from "@std/assert";
import { parseNetwork } from "../../src/base/cidr.ts";
import { ConfabError } from "../../src/base/errors.ts";
import type { TransportFacts } from "../../src/net/transport.ts";
import { initiate } from "../../src/secure/handshake.ts";
import { generateKeyPair } from "../../src/secure/x25519.ts";
import { fingerprint } from "../../src/secure/fingerprint.ts";
import { memoryPair } from "../_memory_transport.ts";
import { testsOf } from "../_testing.ts";
import { FAR, Served } from "./_served.ts";

const test = testsOf("the banned");

const ADMIN = await generateKeyPair();
const EVE = await generateKeyPair();
const admins = [await fingerprint(ADMIN.publicKey)];

const PROXY = "10.9.9.9";
const trustProxy = [parseNetwork(PROXY)!];

/** Facts of one who comes from an address of another machine. */
function from(hostname: string): Partial<TransportFacts> {
  return { peer: { hostname, port: 7 }, isLocal: false };
}

async function served(): Promise<
  {
    served: Served;
    order: (...lines: string[]) => Promise<Record<string, unknown>[]>;
  }
> {
  const served = await Served.start({ admins, trustProxy });
  const admin = await served.callSealed(ADMIN);
  await admin.say({ type: "hello", name: "adm" });
  admin.messages();
  return {
    served,
    order: async (...lines) => {
      await admin.say(...lines.map((txt, n) => ({
        type: "chat",
        txt: `/server ${txt}`,
        id: `${n}`,
      })));
      return admin.messages().filter(({ id }) => id !== undefined);
    },
  };
}

test("address gets one plain error frame before a byte of it is read, also in the form of IPv6", async () => {
  const { served: host, order } = await served();
  await using _ = host;
  assertEquals((await order("ban 192.0.2.0/24 5m flood")).map(typeOf), ["ack"]);
  const text =
    "you are banned from this server until 2026-01-15 12:05 UTC: flood";
  for (const address of ["192.0.2.7", "::ffff:192.0.2.8"]) {
    const caller = host.call(from(address));
    // It has said nothing, and what it says now is not answered.
    await caller.say({ type: "hello", name: "eve" });
    assertEquals(caller.messages(), [{ type: "error", code: "banned", text }]);
    assertEquals(caller.isOver, true);
  }
  assertEquals(host.server.tap.counters.refused.get("banned"), 2);
  const near = host.call();
  await near.say({ type: "hello", name: "near" });
  assertEquals(near.types()[0], "welcome");
  const far = await host.callSealed(EVE, from("192.0.3.1"));
  await far.say({ type: "hello", name: "far" });
  assertEquals(far.types()[0], "welcome");
  await host.pass(300_000);
  const later = await host.callSealed(EVE, from("192.0.2.7"));
  await later.say({ type: "hello", name: "later" });
  assertEquals(later.types()[0], "welcome");
});

test("key gets an error and bye without a time to come back, when it comes and when it is here", async () => {
  const { served: host, order } = await served();
  await using _ = host;
  const eve = await host.callSealed(EVE, FAR);
  await eve.say({ type: "hello", name: "eve" });
  const opening = await host.callSealed(EVE, FAR);
  eve.messages();
  assertEquals((await order("ban eve 7d spam")).map(typeOf), ["ack"]);
  const bye = {
    type: "bye",
    code: "banned",
    text: "adm banned you from this server: spam",
  };
  for (const one of [eve, opening]) {
    await one.say({ type: "hello", name: "eve", resume: { lobby: 0 } });
    assertEquals(one.messages().at(-1), bye);
    assertEquals(one.isOver, true);
  }
  const again = await host.callSealed(EVE, from("198.51.100.7"));
  await again.say({ type: "hello", name: "eve" });
  const text =
    "you are banned from this server until 2026-01-22 12:00 UTC: spam";
  assertEquals(again.messages(), [
    { type: "error", code: "banned", text },
    { type: "bye", code: "banned", text },
  ]);
  // Nor do they stay by not ending their side.
  await host.pass(6_000);
  assertEquals(
    [eve, opening, again].map(({ isServed }) => isServed),
    [true, true, true],
  );
});

test("network is left by a connection that was in its handshake when it was banned", async () => {
  const { served: host, order } = await served();
  await using _ = host;
  const slow = host.call({ ...from("192.0.2.7"), isEncrypted: true });
  assertEquals((await order("ban 192.0.2.7")).map(typeOf), ["ack"]);
  await slow.say({ type: "hello", name: "slow" });
  assertEquals(slow.types(), ["error", "bye"]);
});

test("address is shown by its client what it was told, however long the reason", async () => {
  const { served: host, order } = await served();
  await using _ = host;
  const why = "😀".repeat(200);
  assertEquals((await order(`ban 192.0.2.7 5m ${why}`)).map(typeOf), ["ack"]);
  const [near, far] = memoryPair(from("192.0.2.7"));
  const serving = host.server.serve(near);
  const error = await assertRejects(
    () => initiate(far, { identity: EVE, judgeServer: () => {} }),
    ConfabError,
    "until 2026-01-15 12:05 UTC: 😀😀",
  );
  // Nobody has proven who says it: it is shown, and nothing done on the word of it.
  assertEquals(error.code, "connection");
  await serving;
});

test("address behind a trusted proxy is that of the one whom it brings", async () => {
  const { served: host, order } = await served();
  await using _ = host;
  assertEquals((await order("ban 192.0.2.7")).map(typeOf), ["ack"]);
  const banned = host.call(from(PROXY));
  await banned.say("PROXY TCP4 192.0.2.7 192.0.2.1 4000 5000\r");
  assertEquals(banned.messages().map(({ code }) => code), ["banned"]);
  assertEquals(banned.isOver, true);
  const other = host.call({ ...from(PROXY), isEncrypted: true });
  await other.say("PROXY TCP4 192.0.2.8 192.0.2.1 4000 5000\r");
  await other.say({ type: "hello", name: "other" });
  assertEquals(other.types()[0], "welcome");
});

test("networks never have this machine in them", async () => {
  const { served: host, order } = await served();
  await using _ = host;
  assertEquals((await order("ban 0.0.0.0/0")).map(typeOf), ["ack"]);
  const far = host.call(FAR);
  await far.say("");
  const near = host.call();
  await near.say({ type: "hello", name: "near" });
  assertEquals([far.types(), near.types()[0]], [["error"], "welcome"]);
});

test("may come again when the ban is lifted, each length of networks for itself", async () => {
  const { served: host, order } = await served();
  await using _ = host;
  const bans = ["192.0.2.7", "192.0.2.0/24", "192.0.0.0/16"];
  await order(...bans.map((target) => `ban ${target}`));
  for (const target of bans) {
    const caller = host.call(from("192.0.2.7"));
    await caller.say("");
    assertEquals(caller.types(), ["error"], target);
    assertEquals((await order(`unban ${target}`)).map(typeOf), ["ack"]);
  }
  const caller = await host.callSealed(EVE, from("192.0.2.7"));
  await caller.say({ type: "hello", name: "eve" });
  assertEquals(caller.types()[0], "welcome");
});

function typeOf({ type }: Record<string, unknown>): unknown {
  return type;
}
