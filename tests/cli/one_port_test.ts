/** What browsers and Prometheus find on the port, as the flags have it. */
import { assertEquals, assertRejects } from "@std/assert";
import { UsageError } from "../../src/base/errors.ts";
import { openOnePort } from "../../src/cli/one_port.ts";
import { readOptions } from "../../src/cli/options.ts";
import { SERVE, webNamesOf } from "../../src/cli/serve_options.ts";
import type { Tls } from "../../src/cli/tls_options.ts";
import { unless } from "../_testing.ts";
import { get, NO_WEB, statuses, Web } from "../http/_web.ts";

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ ...unless(NO_WEB, `one port: ${name}`), fn });
}

function optionsOf(
  argv: readonly string[],
  environment: Record<string, string> = {},
) {
  const readText = () => "";
  const env = (name: string) => environment[name];
  return readOptions(SERVE, { argv, env, readText }).options;
}

const LOG = { error: () => {} };
const NO_METRICS = () => Promise.resolve("");
const AT = { host: "127.0.0.1", port: 5001 };

/** With a certificate that was given for these names. */
function given(...names: string[]): Tls {
  return {
    ...{ kind: "given", fingerprint: "", opener: () => undefined! },
    names: () => names,
    watch: () => {},
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function pageAt(
  argv: readonly string[],
  tls?: Tls,
  listening = AT,
): Promise<string | undefined> {
  const port = await openOnePort(optionsOf(argv), LOG, NO_METRICS, tls);
  return port.pageAddress(listening);
}

test("the page is told where browsers find it without a warning", async () => {
  const cert = given("*.example.org", "chat.example.org", "b.example");
  const all = { host: "0.0.0.0", port: 5001 };
  assertEquals(await pageAt([]), "http://127.0.0.1:5001/");
  assertEquals(await pageAt([], undefined, all), "http://127.0.0.1:5001/");
  assertEquals(await pageAt([], cert), "https://chat.example.org:5001/");
  assertEquals(await pageAt([], cert, all), "https://chat.example.org:5001/");
  assertEquals(
    await pageAt([], given("b.example", "127.0.0.1")),
    "https://127.0.0.1:5001/",
  );
  assertEquals(
    await pageAt([], given("*.example.org")),
    "https://127.0.0.1:5001/",
  );
  const told = ["--public", "chat.example.org:443"];
  assertEquals(await pageAt(told, cert), "https://chat.example.org:443/");
  assertEquals(
    await pageAt(["--public", "chat.example.org"], undefined, all),
    "http://chat.example.org:5001/",
  );
});

test("names are taken as browsers have them, and nothing that is none", async () => {
  const names = (...words: string[]) =>
    webNamesOf(optionsOf(words.flatMap((word) => ["--web-name", word])));
  assertEquals(
    names("Chat.Example.ORG", "*.Example.org", "bücher.example", "::1"),
    ["chat.example.org", "*.example.org", "xn--bcher-kva.example", "::1"],
  );
  for (
    const wrong of [
      "https://chat.example.org",
      "chat.example.org:5000",
      "chat.example.org/",
      "a b",
      "*",
      "*.",
      "a.*.example",
      "ann@chat.example",
      "",
    ]
  ) {
    await assertRejects(
      () => openOnePort(optionsOf([`--web-name=${wrong}`]), LOG, NO_METRICS),
      UsageError,
      `--web-name ${JSON.stringify(wrong)}: give a name alone`,
    );
  }
});

test("a given certificate's names are the server's, one of its own adds none", async () => {
  const asked = async (tls: Tls) => {
    const { openers } = await openOnePort(optionsOf([]), LOG, NO_METRICS, tls);
    await using web = await Web.start({ openers });
    const close = { Host: "chat.example.org", Connection: "close" };
    return statuses(await web.ask(get("/", close)));
  };
  const cert = given("chat.example.org");
  assertEquals(await asked(cert), [200]);
  // That was --web-name once, and may be somebody else's now.
  assertEquals(await asked({ ...cert, kind: "own" }), [421]);
});

test("a token that no request could carry is refused, and not shown", async () => {
  const start = (token: string) => {
    const options = optionsOf([], { CONFAB_METRICS_TOKEN: token });
    return openOnePort(options, LOG, NO_METRICS);
  };
  for (const wrong of ["two words", "schlüssel", "a\tb", "a\n"]) {
    const error = await assertRejects(() => start(wrong), UsageError);
    assertEquals(
      error.message,
      "the token for /metrics must be one word of ASCII: no header carries another",
    );
  }
  await start("s3cret!~/+=");
});
