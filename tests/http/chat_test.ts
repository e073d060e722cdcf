/** People who talk through WebSockets, sealed, with the client core, beside those who do not. */
import { assertEquals } from "@std/assert";
import { SYSTEM_CLOCK } from "../../src/base/clock.ts";
import { Client, type ClientEvent } from "../../src/client/client.ts";
import { TcpTransport } from "../../src/net/tcp.ts";
import type { Transport } from "../../src/net/transport.ts";
import { generateKeyPair } from "../../src/secure/x25519.ts";
import { NO_WEB, unless } from "../_testing.ts";
import { FAR } from "../server/_served.ts";
import { Web } from "./_web.ts";
import { dialWebSocket } from "./_web_socket.ts";

/** Somebody at a client, who remembers what was said. */
class Person implements AsyncDisposable {
  readonly client: Client;
  /** Their connection, the last one. */
  readonly carrier: () => Transport;
  readonly said: string[] = [];
  readonly kinds: string[] = [];
  readonly #reading: Promise<void>;
  #wake = () => {};

  private constructor(client: Client, carrier: () => Transport) {
    this.client = client;
    this.carrier = carrier;
    this.#reading = this.#read();
  }

  static async join(
    name: string,
    dial: () => Promise<Transport>,
  ): Promise<Person> {
    let carrier: Transport;
    let ids = 0;
    const client = await Client.connect({
      dial: async () => carrier = await dial(),
      seal: { identity: await generateKeyPair(), judgeServer: () => {} },
      clock: SYSTEM_CLOCK,
      // The shortest pauses before it connects again.
      random: () => 0,
      newId: () => `${name}-${++ids}`,
      hello: { name },
    });
    return new Person(client, () => carrier);
  }

  async #read(): Promise<void> {
    for await (const event of this.client) {
      this.kinds.push(event.kind);
      this.said.push(...textsOf(event));
      this.#wake();
    }
  }

  /** Resolves when so many texts have come. */
  async heard(count: number): Promise<string[]> {
    while (this.said.length < count) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    return this.said;
  }

  say(txt: string): Promise<unknown> {
    return this.client.request({ type: "chat", txt });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    await this.#reading;
  }
}

function textsOf(event: ClientEvent): string[] {
  const messages = event.kind === "message"
    ? [event.message]
    : event.kind === "history"
    ? event.fresh
    : [];
  return messages.flatMap((one) => one.type === "chat" ? [one.txt] : []);
}

Deno.test({
  ...unless(
    NO_WEB,
    "a chat: goes through WebSockets and TCP alike, and survives a cut",
  ),
  async fn() {
    // They count as coming from elsewhere, without TLS: only what is sealed gets in.
    await using web = await Web.start({ facts: FAR, perAddress: 0 });
    const overWebSocket = () => dialWebSocket(`ws://${web.host}/ws`);
    const overTcp = async () =>
      new TcpTransport(
        await Deno.connect({ hostname: "127.0.0.1", port: web.port }),
      );
    await using ann = await Person.join("ann", overWebSocket);
    await using bob = await Person.join("bob", overWebSocket);
    await using cid = await Person.join("cid", overTcp);
    await ann.say("from a page");
    await cid.say("from a terminal");
    await bob.say("x".repeat(4_000));
    assertEquals(await ann.heard(2), ["from a terminal", "x".repeat(4_000)]);
    assertEquals(await bob.heard(2), ["from a page", "from a terminal"]);
    assertEquals(await cid.heard(2), ["from a page", "x".repeat(4_000)]);
    assertEquals(
      web.server.tap.connections().map(({ dialect, isEncrypted, key }) =>
        [dialect, isEncrypted, key !== undefined].join(" ")
      ),
      Array(3).fill("json true true"),
    );
    bob.carrier().close();
    await cid.say("while bob is away");
    await bob.say("back");
    assertEquals((await cid.heard(3)).at(-1), "back");
    assertEquals((await bob.heard(3)).at(-1), "while bob is away");
    assertEquals(bob.kinds.filter((kind) => kind === "connected").length, 2);
  },
});
