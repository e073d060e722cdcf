// Whom `join` believes: a key that is unknown, told, pinned or changed.

import { assert, assertEquals } from "@std/assert";
import { hosted } from "./_hosted.ts";
import { fingerprintWords } from "./_keys.ts";
import { enter } from "./_people.ts";
import { Home, type Outcome, pipe, run } from "./_program.ts";
import { Relay } from "./_relay.ts";
import { scenario } from "./_scenario.ts";

const NAME = ["--name", "pat"];

function joinAt(
  home: Home,
  address: string,
  ...flags: string[]
): Promise<Outcome> {
  return pipe(home, address, "pat", [...NAME, ...flags], ["hello"]);
}

/** Failed, and says so in words and not with a stack. */
function assertFailed(outcome: Outcome, ...mentioned: string[]): void {
  assertEquals(outcome.code, 1, outcome.stderr);
  assert(!/^\s+at /m.test(outcome.stderr), outcome.stderr);
  for (const part of mentioned) {
    assert(
      outcome.stderr.includes(part),
      `no ${part} in ${outcome.stderr}`,
    );
  }
}

function assertJoined(outcome: Outcome): void {
  assertEquals(outcome.code, 0, outcome.stderr);
}

scenario(
  "an unknown server key is refused in a pipe, and shown in both forms",
  async () => {
    await using server = await hosted();
    await using home = new Home();
    await using ann = await enter(server, { name: "ann" });
    const words = fingerprintWords(server.fingerprint);
    for (const _ of ["first", "again: it was not pinned"]) {
      const outcome = await joinAt(home, server.address);
      assertFailed(outcome, server.fingerprint, words);
    }
    const last = await joinAt(home, server.address, "--trust-new");
    assertJoined(last);
    assertEquals((await ann.next({ type: "chat" })).seq, 1);
  },
);

scenario(
  "--trust-new pins the key, and the next time nothing need be said",
  async () => {
    await using server = await hosted();
    await using home = new Home();
    assertJoined(await joinAt(home, server.address, "--trust-new"));
    assertJoined(await joinAt(home, server.address));
  },
);

scenario("--fingerprint is taken in both forms and pins", async () => {
  const same = (shown: string) => shown;
  for (const form of [same, fingerprintWords]) {
    await using server = await hosted();
    await using home = new Home();
    const told = ["--fingerprint", form(server.fingerprint)];
    assertJoined(await joinAt(home, server.address, ...told));
    assertJoined(await joinAt(home, server.address));
  }
});

scenario(
  "a server that is not the one of --fingerprint is refused",
  async () => {
    await using server = await hosted();
    await using other = await hosted();
    await using home = new Home();
    const words = fingerprintWords(other.fingerprint);
    for (const shown of [other.fingerprint, words]) {
      for (const also of [[], ["--trust-new"]]) {
        const told = ["--fingerprint", shown, ...also];
        assertFailed(await joinAt(home, server.address, ...told));
      }
    }
  },
);

scenario(
  "a changed key is refused with both fingerprints and what to do, also with --trust-new",
  async () => {
    await using first = await hosted();
    await using second = await hosted();
    await using relay = new Relay(first.port);
    await using home = new Home();
    assertJoined(await joinAt(home, relay.address, "--trust-new"));
    relay.target = second.port;
    for (const flags of [[], ["--trust-new"]]) {
      assertFailed(
        await joinAt(home, relay.address, ...flags),
        first.fingerprint,
        second.fingerprint,
        "confab forget",
      );
    }
    relay.target = first.port;
    assertJoined(await joinAt(home, relay.address));
  },
);

scenario("--fingerprint replaces what is pinned", async () => {
  await using first = await hosted();
  await using second = await hosted();
  await using relay = new Relay(first.port);
  await using home = new Home();
  assertJoined(await joinAt(home, relay.address, "--trust-new"));
  relay.target = second.port;
  const told = ["--fingerprint", fingerprintWords(second.fingerprint)];
  assertJoined(await joinAt(home, relay.address, ...told));
  assertJoined(await joinAt(home, relay.address));
  relay.target = first.port;
  assertFailed(await joinAt(home, relay.address), "confab forget");
});

scenario("what is forgotten is unknown again", async () => {
  await using server = await hosted();
  await using home = new Home();
  assertJoined(await joinAt(home, server.address, "--trust-new"));
  const forgotten = await run(["forget", server.address], home);
  assertEquals(forgotten.code, 0, forgotten.stderr);
  assertFailed(await joinAt(home, server.address), server.fingerprint);
  assertJoined(await joinAt(home, server.address, "--trust-new"));
});

scenario("a refused connection is told in the words of a person", async () => {
  await using home = new Home();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const address = `127.0.0.1:${listener.addr.port}`;
  listener.close();
  assertFailed(
    await joinAt(home, address, "--trust-new"),
    `connection refused: is a server running at ${address}?`,
  );
});
