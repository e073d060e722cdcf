// What strangers do is in the log of the running program, and the filters of the page on operations
// find it there. A proxy's header gives each connection an address of its own.

import { assert, assertEquals } from "@std/assert";
import { Server } from "./_program.ts";
import { scenario } from "./_scenario.ts";
import { LineSocket } from "./_sockets.ts";

const OPERATIONS = new URL("../../docs/operations.md", import.meta.url);
const PASSWORD = "open 日本 sesame";
/** What fail2ban puts in the place of `<HOST>`, as far as addresses go. */
const ADDRESS = String
  .raw`(?:::f{4,6}:)?(\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*(?::[0-9a-f]*){2,7})`;
/** The time at the beginning of a line, which fail2ban takes away before it looks. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/;

/** The patterns of a filter, as the page has them. */
async function filter(name: string): Promise<RegExp[]> {
  const page = await Deno.readTextFile(OPERATIONS);
  const [, block] = page.split(`filter.d/${name}.conf`)[1]!.split("```");
  const [, patterns] = block!.split("failregex = ");
  return patterns!.trim().split("\n").map((line) =>
    new RegExp(line.trim().replace("<HOST>", ADDRESS))
  );
}

/** The addresses that the patterns find in the lines. */
function found(patterns: readonly RegExp[], lines: readonly string[]) {
  return lines.flatMap((line) => {
    const rest = line.replace(TIME, "");
    assert(rest !== line, line);
    const match = patterns.map((one) => one.exec(rest)).find((one) => one);
    return match ? [match[1]] : [];
  });
}

/** Somebody at an address connects through the proxy and says a line. */
async function from(
  server: Server,
  ip: string,
  line: string,
): Promise<LineSocket> {
  const [family, to] = ip.includes(":") ? ["TCP6", "::1"] : [
    "TCP4",
    "127.0.0.1",
  ];
  const socket = await LineSocket.open(server.port);
  await socket.send(`PROXY ${family} ${ip} ${to} 4000 5000\r\n${line}`);
  return socket;
}

function next(socket: LineSocket): Promise<string> {
  return socket.next(() => true, "an answer");
}

scenario(
  "wrong passwords and refusals are found by the filters of the documentation",
  async () => {
    await using stack = new AsyncDisposableStack();
    const env = { CONFAB_PASSWORD: PASSWORD };
    const server = stack.use(
      await Server.startWith(
        env,
        ...["--allow-plaintext", "--per-address", "2"],
        ...["--trust-proxy", "127.0.0.0/8"],
      ),
    );
    for (const ip of ["192.0.2.7", "2001:db8::7"]) {
      const guesser = stack.use(await from(server, ip, "HELLO ann wrong"));
      assertEquals(await next(guesser), "ERR PASSWORD_WRONG");
      await guesser.closed("its line");
    }
    for (const name of ["cat", "dan"]) {
      const one = await from(server, "192.0.2.8", `HELLO ${name} ${PASSWORD}`);
      assertEquals(await next(stack.use(one)), `OK ${name}`);
    }
    await stack.use(await from(server, "192.0.2.8", "HELLO eve")).closed(
      "its line",
    );
    const direct = stack.use(await LineSocket.open(server.port));
    await direct.send(`HELLO fay ${PASSWORD}`);
    await direct.closed("its line");
    server.kill("SIGTERM");
    await server.status;
    const lines = server.stderr.split("\n").filter((line) => TIME.test(line));
    assertEquals(found(await filter("confab-password"), lines), [
      "192.0.2.7",
      "2001:db8::7",
    ]);
    assertEquals(found(await filter("confab-refused"), lines), ["192.0.2.8"]);
    assert(
      / INFO {2}refused peer=127\.0\.0\.1 why=proxy-header\n/.test(
        server.stderr,
      ),
    );
    assert(/ why=password-wrong id=1\/1 name=ann\n/.test(server.stderr));
    assert(!server.stderr.includes("sesame"));
  },
);
