// TLS on the port of the running program: a certificate of its own and one that is given, read
// again while people talk.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Made, made } from "../tls/_certificate.ts";
import { unless } from "../_testing.ts";
import { Home, run, Server } from "./_program.ts";
import { within } from "./_scenario.ts";

const FINGERPRINT =
  /^fingerprint of its TLS certificate: ((?:[\dA-F]{2}:){31}[\dA-F]{2})$/m;
/** An executable to test may be of a runtime that has no TLS on the port. */
const NO_TLS = Deno.env.has("CONFAB_PROGRAM")
  ? "an executable is tested"
  : undefined;
const NO_OPENSSL = NO_TLS ?? await opensslFault();

async function opensslFault(): Promise<string | undefined> {
  try {
    const command = new Deno.Command("openssl", { args: ["version"] });
    return (await command.output()).success ? undefined : "openssl fails";
  } catch {
    return "there is no openssl";
  }
}

function scenario(
  name: string,
  fn: () => Promise<void>,
  reason = NO_TLS,
): void {
  Deno.test({
    ...unless(reason, name),
    fn,
    sanitizeOps: true,
    sanitizeResources: true,
  });
}

/** A connection by TLS that talks in lines. */
class Client implements Disposable {
  readonly #conn: Deno.TlsConn;
  #text = "";

  private constructor(conn: Deno.TlsConn) {
    this.#conn = conn;
  }

  static async dial({ port }: Server, ...caCerts: string[]): Promise<Client> {
    const options = { hostname: "localhost", port, caCerts };
    const conn = await Deno.connectTls(options);
    await conn.handshake();
    return new Client(conn);
  }

  async say(line: string): Promise<void> {
    await this.#conn.write(new TextEncoder().encode(`${line}\n`));
  }

  async until(part: string): Promise<void> {
    const buffer = new Uint8Array(4_096);
    while (!this.#text.includes(part)) {
      const count = await within(this.#conn.read(buffer), () => part);
      assert(count !== null, `no ${part} in ${this.#text}`);
      this.#text += new TextDecoder().decode(buffer.subarray(0, count));
    }
    this.#text = "";
  }

  [Symbol.dispose](): void {
    this.#conn.close();
  }
}

async function write(home: Home, { chain, key }: Made): Promise<string[]> {
  const paths = [home.file("chain.pem"), home.file("key.pem")] as const;
  await Deno.writeTextFile(paths[0], chain);
  await Deno.writeTextFile(paths[1], key, { mode: 0o600 });
  return ["--tls-cert", paths[0], "--tls-key", paths[1]];
}

scenario(
  "a certificate of its own is told, kept, and enough for old clients",
  async () => {
    await using server = await Server.start("--tls", "self");
    const told = () => FINGERPRINT.exec(server.stderr)?.[1];
    const line = await server.logged(/^fingerprint of its TLS/);
    const fingerprint = told();
    assert(fingerprint !== undefined, line);
    const chain = await Deno.readTextFile(`${server.data}/tls.pem`);
    {
      using ann = await Client.dial(server, chain);
      await ann.say("HELLO ann");
      await ann.until("OK ann");
    }
    server.kill("SIGTERM");
    await server.restart();
    await server.logged(/^fingerprint of its TLS/);
    assertEquals(told(), fingerprint);
  },
);

scenario("the page and its WebSocket come by TLS, too", async () => {
  await using home = new Home();
  const given = await made({ hosts: ["localhost", "chat.example"] });
  await using server = await Server.start(...await write(home, given));
  await using own = await Server.start("--tls", "self");
  const chain = await Deno.readTextFile(`${own.data}/tls.pem`);
  for (
    const [{ port }, ca, hsts] of [
      [server, given.chain, true],
      [own, chain, false],
    ] as const
  ) {
    using client = Deno.createHttpClient({ caCerts: [ca] });
    const answer = await fetch(`https://localhost:${port}/`, { client });
    assertEquals(answer.status, 200);
    assertEquals(answer.headers.has("strict-transport-security"), hsts);
    assertMatch(await answer.text(), /<!doctype html>/i);
    // The runtime takes the client, which its types have not yet.
    const options = { client } as unknown as string[];
    const socket = new WebSocket(`wss://localhost:${port}/ws`, options);
    socket.binaryType = "arraybuffer";
    const happened = (event: "open" | "message" | "close") =>
      within(
        new Promise<Event>((resolve, reject) => {
          socket.addEventListener(event, resolve, { once: true });
          socket.addEventListener("error", reject, { once: true });
        }),
        () => `${event} of a WebSocket`,
      );
    await happened("open");
    const answered = happened("message");
    socket.send(new TextEncoder().encode("HELLO ann\n"));
    const { data } = await answered as MessageEvent<ArrayBuffer>;
    assertMatch(new TextDecoder().decode(data), /^OK ann/);
    const ended = happened("close");
    socket.close();
    await ended;
  }
  // The names of the certificate are the server's own.
  const { port } = server;
  const asked = async (host: string) => {
    using conn = await Deno.connectTls({
      ...{ hostname: "localhost", port },
      caCerts: [given.chain],
    });
    const request = `GET / HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`;
    await conn.write(new TextEncoder().encode(request));
    const bytes = new Uint8Array(64);
    const count = await conn.read(bytes);
    return new TextDecoder().decode(bytes.subarray(9, Math.min(12, count!)));
  };
  assertEquals(await asked("chat.example"), "200");
  assertEquals(await asked("rebound.example"), "421");
});

scenario(
  "a renewed certificate is shown from SIGHUP on, and nobody is cut",
  async () => {
    await using home = new Home();
    const [first, second] = [await made(), await made()];
    await using server = await Server.start(...await write(home, first));
    using ann = await Client.dial(server, first.chain);
    await ann.say("HELLO ann");
    await ann.until("OK ann");
    await write(home, second);
    server.kill("SIGHUP");
    assertMatch(
      await server.logged(/certificate changed/),
      / INFO {2}certificate changed fingerprint=[\dA-F:]{95} until=\d{4}-/,
    );
    using bob = await Client.dial(server, second.chain);
    await bob.say("HELLO bob");
    await bob.until("OK bob");
    await bob.say("MSG bob still here?");
    await ann.until("still here?");
    await Deno.writeTextFile(home.file("key.pem"), "nonsense");
    server.kill("SIGHUP");
    await server.logged(/WARN {2}certificate not changed: .*no private key/);
    using cyd = await Client.dial(server, second.chain);
    await cyd.say("HELLO cyd");
    await cyd.until("OK cyd");
  },
);

scenario(
  "openssl is served, with any usual key and from TLS 1.2 on",
  async () => {
    await using home = new Home();
    for (
      const [kind, ...key] of [
        ["rsa:2048"],
        ["ec", "-pkeyopt", "ec_paramgen_curve:secp384r1"],
        ["ed25519"],
      ] as const
    ) {
      const [chain, secret] = [home.file("own.pem"), home.file("own.key")];
      const make = ["req", "-x509", "-newkey", kind, ...key, "-nodes"];
      const { success } = await new Deno.Command("openssl", {
        args: [
          ...make,
          ...["-keyout", secret, "-out", chain, "-days", "2"],
          ...["-subj", "/CN=localhost"],
        ],
        ...{ stdout: "null", stderr: "null" },
      }).output();
      assert(success, kind);
      const flags = ["--tls-cert", chain, "--tls-key", secret];
      await using server = await Server.start(...flags);
      for (const version of ["-tls1_2", "-tls1_3"]) {
        const child = new Deno.Command("openssl", {
          args: [
            ...["s_client", "-connect", server.address, version, "-quiet"],
            ...["-CAfile", chain, "-verify_return_error"],
          ],
          ...{ stdin: "piped", stdout: "piped", stderr: "null" },
        }).spawn();
        const writer = child.stdin.getWriter();
        await writer.write(new TextEncoder().encode("HELLO ann\n"));
        const reader = child.stdout.getReader();
        const { value } = await within(reader.read(), () => "an answer");
        assertMatch(new TextDecoder().decode(value), /^OK ann/);
        await writer.write(new TextEncoder().encode("QUIT\n"));
        child.kill();
        await writer.abort().catch(() => {});
        await reader.cancel();
        await child.status;
      }
    }
  },
  NO_OPENSSL,
);

scenario(
  "a server does not start without what its flags name, and says so in a line",
  async () => {
    await using home = new Home();
    const both = await write(home, await made());
    const other = home.file("other.key");
    await Deno.writeTextFile(other, (await made()).key, { mode: 0o600 });
    for (
      const [code, words, ...flags] of [
        [2, "--tls-cert needs --tls-key, too", ...both.slice(0, 2)],
        [2, "--tls-key needs --tls-cert, too", ...both.slice(2)],
        [2, "--tls other: only --tls self is known", "--tls", "other"],
        [2, "--tls self: --tls-cert and", ...both, "--tls", "self"],
        [1, "there is no such file", ...both.slice(0, 3), "/nowhere/key.pem"],
        [
          1,
          "holds no certificate in PEM",
          "--tls-cert",
          both[3]!,
          both[2]!,
          both[3]!,
        ],
        [
          1,
          "is not the key of the first certificate",
          ...both.slice(0, 3),
          other,
        ],
      ] as const
    ) {
      const data = ["--port", "0", "--data", home.file("data")];
      const ended = await run(["serve", ...data, ...flags], home);
      assertEquals([ended.code, ended.stdout], [code, ""], ended.stderr);
      assertEquals(ended.stderr.trimEnd().split("\n").length, 1, ended.stderr);
      assert(ended.stderr.includes(words), ended.stderr);
    }
  },
);
