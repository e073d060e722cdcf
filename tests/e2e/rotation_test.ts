// A server that changes its key: those who were told follow, all others refuse it.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { dial, enter, welcomed } from "./_people.ts";
import { Home, openPipe, type Outcome, pipe, run, Server } from "./_program.ts";
import { Relay } from "./_relay.ts";
import { scenario } from "./_scenario.ts";

function join(home: Home, address: string, ...flags: string[]) {
  return pipe(home, address, "own", flags, ["hello"]);
}

function rotate(server: Server, home: Home, ...flags: string[]) {
  return run(["rotate-key", "--data", server.data, ...flags], home);
}

/** The two fingerprints that `rotate-key` shows. */
function keysOf({ code, stdout, stderr }: Outcome): string[] {
  assertEquals(code, 0, stderr);
  return stdout.match(/SHA256:\S{43}/g) ?? [];
}

/** The days go by: the next key is to be shown from a moment ago on. */
async function letDaysPass(server: Server): Promise<void> {
  const path = `${server.data}/server.key.next`;
  const text = await Deno.readTextFile(path);
  const past = text.replace(
    /^shown from \S+ on/,
    "shown from 2020-01-01T00:00:00Z on",
  );
  assert(past !== text);
  await Deno.writeTextFile(path, past);
}

scenario(
  "a pinned client that was told follows to the next key, one that was away does not",
  async () => {
    await using server = await Server.start();
    await using pat = new Home();
    await using away = new Home();
    await using there = new Home();
    await using ann = await enter(server, { name: "ann" });
    await using staying = openPipe(
      ...[there, server.address, "own", "--trust-new", "--listen"] as const,
    );
    for (const home of [pat, away]) {
      const first = await join(home, server.address, "--trust-new");
      assertEquals(first.code, 0, first.stderr);
    }
    const planned = await rotate(server, pat);
    const [old, next] = keysOf(planned);
    assertEquals(old, server.fingerprint);
    assertEquals((await ann.next({ type: "next" })).key, next);
    await staying.errors.next((line) => /noted as the next/.test(line), "next");
    const again = await rotate(server, pat);
    assertEquals(again.code, 1);
    assert(again.stderr.includes(next!), again.stderr);
    {
      await using late = await dial(server);
      assertEquals((await welcomed(late, { name: "late" })).next, next);
    }
    const told = await join(pat, server.address);
    assertEquals(told.code, 0, told.stderr);
    assertMatch(told.stderr, /will change its key; noted as the next one/);
    const silent = await join(pat, server.address);
    assertEquals([silent.code, silent.stderr], [0, ""]);

    await letDaysPass(server);
    await server.logged(/key changed/);
    // Who is here when the key changes still knows what was announced.
    await ann.send({ type: "chat", txt: "changed" });
    await staying.lines.next(
      (line) => line.endsWith("ann: changed"),
      "ann's line",
    );
    await staying.endInput();
    staying.kill("SIGTERM");
    await staying.ended();
    const back = await join(there, server.address);
    assertEquals(back.code, 0, back.stderr);
    assertMatch(back.stderr, /has changed its key, as it had announced/);
    const followed = await join(pat, server.address);
    assertEquals(followed.code, 0, followed.stderr);
    assertEquals(
      followed.stderr,
      `confab: ${server.address} has changed its key, as it had announced; it is ${next} now\n`,
    );
    const known = await join(pat, server.address);
    assertEquals([known.code, known.stderr], [0, ""]);
    const refused = await join(away, server.address);
    assertEquals(refused.code, 1);
    for (const part of [old!, next!, "confab forget"]) {
      assert(refused.stderr.includes(part), refused.stderr);
    }
    const shown = await run(
      ["id", "--identity", `${server.data}/server.key`],
      pat,
    );
    assertEquals(shown.stdout.split("\n")[0], next);
    assertMatch(server.stderr, /key changed/);
  },
);

scenario(
  "a client that is there while the key changes follows when its connection is cut",
  async () => {
    await using server = await Server.start();
    await using relay = new Relay(server.port);
    await using pat = new Home();
    const flags = ["--trust-new", "--listen"];
    await using there = openPipe(pat, relay.address, "own", ...flags);
    await there.write("hello");
    const [, next] = keysOf(await rotate(server, pat));
    await there.errors.next((line) => line.includes(next!), "that it is told");
    await letDaysPass(server);
    await server.logged(/key changed/);
    relay.cut();
    const followed = `has changed its key, as it had announced; it is ${next}`;
    await there.errors.next(
      (line) => line.includes(followed),
      "that it follows",
    );
  },
);

scenario(
  "a stopped server takes its next key at its start, at once with --now, and not when that was cancelled",
  async () => {
    await using server = await Server.start();
    await using relay = new Relay(server.port);
    await using pat = new Home();
    const first = await join(pat, relay.address, "--trust-new");
    assertEquals(first.code, 0, first.stderr);
    const restart = async () => {
      await server.restart();
      relay.target = server.port;
      return server.fingerprint;
    };
    const [old] = keysOf(await rotate(server, pat, "--days", "1"));
    server.kill("SIGTERM");
    await server.status;
    const cancelled = await rotate(server, pat, "--cancel");
    assertEquals(keysOf(cancelled), [old]);
    assertEquals((await rotate(server, pat, "--cancel")).code, 1);
    const [, next] = keysOf(await rotate(server, pat));
    await letDaysPass(server);
    assertEquals(await restart(), next);
    const away = await join(pat, relay.address);
    assertEquals(away.code, 1, "it was never told");

    const stolen = await rotate(server, pat, "--now");
    const [, fresh] = keysOf(stolen);
    assertMatch(stolen.stderr, /the server that runs shows it within seconds/);
    server.kill("SIGTERM");
    await server.status;
    assertEquals(await restart(), fresh);
    server.kill("SIGTERM");
    await server.status;
    const [, last] = keysOf(await rotate(server, pat, "--now"));
    assertEquals(await restart(), last);
  },
);

scenario("rotate-key needs a server's key that opens by itself", async () => {
  await using home = new Home();
  const none = await run(["rotate-key", "--data", home.path], home);
  assertEquals(none.code, 1);
  const what = `confab: there is no server at ${home.path}: give its --data\n`;
  assertEquals(none.stderr, what);
  const both = await run(["rotate-key", "--now", "--cancel"], home);
  assertEquals(both.code, 2);
});
