import { assertEquals } from "@std/assert";
import { parseNetwork } from "../../src/base/cidr.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { type Caller, Served } from "./_served.ts";

const test = testsOf("behind a proxy");
const PROXY = { peer: { hostname: "10.0.0.9", port: 7 }, isLocal: false };
const PLAIN = { plaintext: "everywhere" } as const;
const trustProxy = [parseNetwork("10.0.0.8/29")!];

/** The header of a client at an address. */
function from(ip: string): string {
  const [family, own] = ip.includes(":")
    ? ["TCP6", "2001:db8::1"]
    : ["TCP4", "198.51.100.1"];
  return `PROXY ${family} ${ip} ${own} 4000 5000\r`;
}

/** Where the server takes those to come from that it has. */
function peers({ server }: Served): string[] {
  return server.tap.connections().map(({ peer }) => peer);
}

async function refusals(
  it: Served,
  ...callers: Caller[]
): Promise<[string, number][]> {
  for (const caller of callers) {
    for (let n = 0; n < 5; n++) await eventLoopTurn();
    assertEquals(caller.isOver, true);
  }
  return [...it.server.tap.counters.refused];
}

test("everybody has the address that the proxy says, and its limits", async () => {
  await using it = await Served.start({ ...PLAIN, trustProxy, perAddress: 2 });
  const callers = Array.from({ length: 4 }, () => it.call(PROXY));
  const ips = ["192.0.2.7", "192.0.2.7", "192.0.2.8", "2001:db8:1::7"];
  for (const [n, caller] of callers.entries()) {
    await caller.say(from(ips[n]!), `HELLO p${n}`);
    assertEquals(caller.text(), `OK p${n}\n`);
  }
  assertEquals(peers(it), ips);
  const third = it.call(PROXY);
  await third.say(from("192.0.2.7"), "HELLO more");
  assertEquals(third.messages().map(({ code }) => code), ["busy"]);
  assertEquals(await refusals(it, third), [["address-connections", 1]]);
  callers[0]!.transport.close();
  await eventLoopTurn();
  const fourth = it.call(PROXY);
  await fourth.say(from("192.0.2.7"), "HELLO more");
  assertEquals(fourth.text(), "OK more\n");
});

test("the header may come in pieces, and with what is said in one", async () => {
  await using it = await Served.start({ ...PLAIN, trustProxy });
  const ann = it.call(PROXY);
  const bytes = new TextEncoder().encode(`${from("192.0.2.7")}\nHELLO ann\n`);
  for (const byte of bytes) {
    await ann.transport.write(Uint8Array.of(byte));
    await eventLoopTurn();
  }
  await ann.say("hi");
  assertEquals([ann.text(), peers(it)], ["OK ann\n", ["192.0.2.7"]]);
});

test("nobody is on this machine but who is", async () => {
  await using it = await Served.start({ trustProxy });
  const local = { ...PROXY, isLocal: true };
  const far = it.call(local);
  await far.say(from("192.0.2.7"), "HELLO ann");
  assertEquals(far.text().slice(0, 22), "ERR PLAINTEXT_REFUSED ");
  const near = it.call(local);
  await near.say(from("127.0.0.1"), "HELLO ann");
  assertEquals(near.text(), "OK ann\n");
  // What is local to a proxy on another machine is not on this one.
  const others = it.call(PROXY);
  await others.say(from("127.0.0.1"), "HELLO bob");
  assertEquals(others.text().slice(0, 22), "ERR PLAINTEXT_REFUSED ");
});

test("a connection without a valid header is closed without a word", async () => {
  await using it = await Served.start({ ...PLAIN, trustProxy });
  const said = ["HELLO ann", "PROXY UNKNOWN\r", `PROXY ${"x".repeat(200)}`];
  const callers = said.map(() => it.call(PROXY));
  for (const [n, caller] of callers.entries()) await caller.say(said[n]!);
  assertEquals(callers.map((caller) => caller.text()), ["", "", ""]);
  assertEquals(await refusals(it, ...callers), [["proxy-header", 3]]);
  assertEquals(it.server.connections, 0);
});

test("a connection whose header does not come is closed after 10 s", async () => {
  await using it = await Served.start({ ...PLAIN, trustProxy });
  const silent = it.call({ ...PROXY, isLocal: true });
  await silent.transport.write(new TextEncoder().encode("PROXY "));
  await it.pass(9_000);
  assertEquals([silent.isOver, it.server.connections], [false, 1]);
  await it.pass(2_000);
  assertEquals([silent.isOver, it.server.connections], [true, 0]);
});

test("a header from anywhere else is refused", async () => {
  await using it = await Served.start({ ...PLAIN, trustProxy });
  const here = it.call();
  const there = it.call({ ...PROXY, peer: { hostname: "10.0.0.7", port: 7 } });
  const binary = it.call();
  await here.say(from("192.0.2.7"), "HELLO ann");
  await there.say(from("127.0.0.1"), "HELLO ann");
  await binary.say("\r\n\r\n\0\r\nQUIT");
  assertEquals([here.text(), there.text(), binary.text()], ["", "", ""]);
  assertEquals(await refusals(it, here, there, binary), [["proxy", 3]]);
});
