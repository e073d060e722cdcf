/** What strangers say and other sites try, in a real browser: it stays text, or gets nothing. */
import { assertEquals, assertNotEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { fillIn, say } from "../../build/walk.ts";
import { command, enter, say as sayAs } from "../e2e/_people.ts";
import { assertFits, comeIn, field, hear, logOf, TALL } from "./_log.ts";
import { scene, type Stage } from "./_stage.ts";

const IMAGE = `<img src=x onerror="alert(1)">`;
const SCRIPT = "</textarea></title><script>alert(1)</script>";
const MANY_MARKS = `a${"\u0301\u0323".repeat(1_999)}`;

/** Texts of a message, each with all the links that it may become. */
const TEXTS: readonly [text: string, links: readonly string[]][] = [
  [IMAGE, []],
  [SCRIPT, []],
  ["<svg/onload=alert(1)><iframe srcdoc='<script>alert(1)</script>'>", []],
  ["javascript:alert(1) JaVaScRiPt://x.example/%0aalert(1)", []],
  ["[look](javascript:alert(1)) ![x](data:text/html,<b>x</b>)", []],
  [
    "data:text/html,<script>alert(1)</script> vbscript:x file:///etc/passwd",
    [],
  ],
  ['<a href="javascript:alert(1)" style="position:fixed">here</a>', []],
  ['https://ok.example/"onmouseover="alert(1)', [
    "https://ok.example/%22onmouseover=%22alert(1)",
  ]],
  // The Cyrillic letters are told in ASCII where it leads.
  ["https://\u0430pple.example/", ["https://xn--pple-43d.example/"]],
  ["{{constructor.constructor('alert(1)')()}} ${alert(1)}", []],
  ["z\u200b\u200d\ufeffz".repeat(300), []],
  ["x".repeat(3_900), []],
  ["\u05d0\u05d1\u05d2 <b>\u05d3</b> \u202eabc\u2066def", []],
  [MANY_MARKS, []],
  [`a${"\u20e0".repeat(3_900)}`, []],
  ["__proto__", []],
];

/** Notes what must not happen, as errors of the page: the scene fails with them. */
const ALARM = `for (const name of ["alert", "confirm", "prompt"]) {
  globalThis[name] = () => console.error(name + " was called");
}`;

/** Elements and attributes that only markup of a stranger could bring. */
function strange(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    for (const element of document.querySelectorAll("body *")) {
      const { localName, attributes } = element;
      if (
        /^(?:img|script|iframe|object|embed|base|meta|link)$/.test(localName)
      ) {
        if (localName !== "script" || !element.hasAttribute("src")) {
          found.push(localName);
        }
      }
      for (const { name, value } of attributes) {
        if (/^on|^srcdoc$/.test(name)) found.push(`${localName} ${name}`);
        const isLink = name === "href" || name === "src" || name === "action";
        if (isLink && /^\s*(?!https?:|\/|#)\w+:/i.test(value)) {
          found.push(`${localName} ${name}=${value}`);
        }
      }
    }
    return found;
  });
}

/** Says something as one does with a finger, too, for whom Enter is a new line. */
async function send(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

async function assertHarmless(page: Page): Promise<void> {
  assertEquals(await strange(page), []);
  await assertFits(page);
}

scene(
  "what a stranger says is text everywhere, and breaks no layout",
  async (stage) => {
    const server = await stage.serve("--rate", "0", "--admin-link");
    const line = await server.logged(/become an administrator/);
    const secret = /'(confab:[^']*)'/.exec(line)![1]!;
    const url = `http://127.0.0.1:${server.port}/`;
    const ann = await comeIn(stage, url, { name: "ann", room: "pit", secret });
    await ann.evaluate(ALARM);
    await ann.setViewportSize(TALL);
    const phone = await comeIn(stage, url, {
      ...{ name: "bob", room: "pit", size: "phone", scheme: "dark" },
    });
    await phone.evaluate(ALARM);
    const wide = "W".repeat(64);
    const name = "M".repeat(32);
    await using mallory = await enter(server, { name, room: "pit" });
    const told = async (verb: string, args: string) =>
      assertNotEquals(
        (await command(mallory, "command", verb, args)).type,
        "error",
        verb,
      );

    const links: string[] = [];
    for (const [text, some] of TEXTS) {
      await sayAs(mallory, text, { room: "pit" });
      links.push(...some);
    }
    await told("away", IMAGE.repeat(3));
    await sayAs(mallory, "the last one", { room: "pit" });
    for (const page of [ann, phone]) {
      await hear(page, "the last one");
      await assertHarmless(page);
    }
    await logOf(ann).getByText(IMAGE, { exact: true }).waitFor();
    await logOf(ann).getByText(SCRIPT, { exact: true }).waitFor();
    const hrefs = await logOf(ann).getByRole("link").evaluateAll((all) =>
      all.map((one) => [one.getAttribute("href"), one.getAttribute("rel")])
    );
    assertEquals(hrefs, links.map((link) => [link, "noopener noreferrer"]));
    await ann.getByRole("complementary").getByText(IMAGE.repeat(3)).waitFor();

    // A topic, a room, a private message, who somebody is, and the search for it.
    await told("join", wide);
    await command(mallory, "command", "topic", SCRIPT.repeat(3));
    await sayAs(mallory, IMAGE, { to: "ann" });
    await sayAs(mallory, IMAGE, { to: "bob" });
    await say(ann, `/whois ${name}`);
    await logOf(ann).getByText(`${name} is SHA256:`).waitFor();
    await say(ann, "/search alert");
    await ann.locator(".result").first().waitFor();
    await assertHarmless(ann);
    await ann.keyboard.press("Escape");
    for (const page of [ann, phone]) {
      await send(page, `/join ${wide}`);
      await logOf(page).and(page.getByLabel(new RegExp(`${wide}$`))).waitFor();
      await page.locator(".place-header").getByText(SCRIPT.repeat(3)).waitFor();
      await assertHarmless(page);
      await send(page, `/query ${name}`);
      await hear(page, IMAGE);
      await assertHarmless(page);
    }
    await phone.getByRole("button", { name: /^Rooms/ }).click();
    await phone.getByRole("button", { name: "All rooms" }).click();
    await phone.getByRole("dialog").getByRole("button", { name: /^W+/ })
      .waitFor();
    await assertHarmless(phone);
    await phone.keyboard.press("Escape");
    // The server's own window.
    await ann.evaluate(() => location.hash = "#monitor");
    await ann.getByRole("table").getByText(name).waitFor();
    await assertHarmless(ann);
    await ann.setViewportSize({ width: 390, height: 844 });
    await ann.getByRole("tab", { name: "Log" }).click();
    await ann.getByRole("heading", { name: "Log", level: 2 }).waitFor();
    await assertHarmless(ann);
  },
);

scene(
  "a name is no markup, nor one that looks like another's",
  async (stage) => {
    const server = await stage.serve();
    const url = `http://127.0.0.1:${server.port}/`;
    await using cop = await enter(server, { name: "cop" });
    const page = await stage.visit(url);
    await page.evaluate(ALARM);
    await fillIn(page, { name: IMAGE });
    await page.getByRole("button", { name: "They are the same" }).or(
      page.locator("[aria-invalid=true]"),
    ).first().waitFor();
    const same = page.getByRole("button", { name: "They are the same" });
    if (await same.isVisible()) await same.click();
    await page.locator("[aria-invalid=true]").waitFor();
    assertEquals(await strange(page), []);
    const own = page.getByLabel("Your name");
    // Cyrillic, all three of them.
    await own.fill("\u0441\u043e\u0440");
    const fault = page.getByText(/looks like|taken|cop/).first();
    await page.getByRole("button", { name: "Join", exact: true }).click();
    await fault.waitFor();
    await page.locator("[aria-invalid=true]").waitFor();
    await sayAs(cop, "still the only one");
  },
);

/** Another site, whose page tries what it can on a server. */
function otherSite(stage: Stage, target: string): number {
  const script = `const target = ${JSON.stringify(target)};
const settled = (promise) => promise.then(
  async (answer) => answer.type === "opaque" ? "nothing" : answer.text(),
  () => "nothing",
);
const socket = (url, ...more) => new Promise((resolve) => {
  const one = new WebSocket(url, ...more);
  one.onopen = () => resolve("open");
  one.onerror = () => resolve("nothing");
});
const loaded = (element) => new Promise((resolve) => {
  element.onload = () => resolve("loaded");
  element.onerror = () => resolve("nothing");
  document.body.append(element);
});
const element = (name, fields) => Object.assign(document.createElement(name), fields);
const got = [
  await settled(fetch(target)),
  await settled(fetch(target, { mode: "no-cors" })),
  await settled(fetch(target + "metrics", { credentials: "include" })),
  await settled(fetch(target, { method: "POST", mode: "no-cors", body: "HELLO eve\\r\\n" })),
  await socket(target.replace("http", "ws") + "ws"),
  await socket(target.replace("http", "ws"), ["confab"]),
  await loaded(element("script", { src: target + "app.js" })),
  await loaded(element("img", { src: target + "icon.svg" })),
];
const frame = element("iframe", { src: target });
await loaded(frame);
let inside = "nothing";
try { inside = frame.contentDocument?.body.innerText ?? "nothing"; } catch {}
document.querySelector("[role=status]").textContent = [...got, inside].join(" ");`;
  const body = `<!doctype html><html lang="en"><title>Another site</title>
<link rel="icon" href="data:,"><p role="status"></p>
<form method="post" enctype="text/plain" action="${target}">
<input name='{"type":"hello","name":"eve","x":"' value='"}'><button>Go</button></form>
<script type="module">${script}</script>`;
  const server = stage.use(Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response(body, { headers: { "content-type": "text/html" } }),
  ));
  return server.addr.port;
}

scene("another site and a rebound name get nothing", async (stage) => {
  // Every attempt of the other site is refused aloud.
  stage.excuse(
    /elsewhere: |console error: |^status 40[35]|^status 421|^net::ERR_/,
  );
  const server = await stage.serve();
  const target = `http://127.0.0.1:${server.port}/`;
  const port = otherSite(stage, target);
  for (const host of ["127.0.0.1", "localhost", "evil.example"]) {
    const page = await stage.visit(`http://${host}:${port}/`);
    const status = page.getByRole("status").getByText("nothing");
    await status.waitFor();
    assertEquals(await status.innerText(), Array(9).fill("nothing").join(" "));
    const frame = page.frames().at(-1)!;
    assertEquals(
      /confab|Join/.test(await frame.locator("body").innerText()),
      false,
    );
    await page.getByRole("button", { name: "Go" }).click();
    await page.getByText("only the server's own page may ask for this")
      .waitFor();
  }
  // A name of theirs that leads here by now: the browser takes it for the same site.
  const rebound = await stage.visit(`http://evil.example:${server.port}/`);
  await rebound.getByText("this server does not go by that name").waitFor();
  const got = await rebound.evaluate(async () => {
    const socket = new WebSocket(`ws://${location.host}/ws`);
    const opened = new Promise((resolve) => {
      socket.onopen = () => resolve("open");
      socket.onerror = () => resolve("refused");
    });
    const { status } = await fetch("/metrics");
    return [status, (await fetch("/")).status, await opened];
  });
  assertEquals(got, [421, 421, "refused"]);
  assertEquals(/ connected /.test(server.stderr), false, server.stderr);
});
