/** That the scenes' own means see what they are there to see, in a page made for it. */
import { assertEquals } from "@std/assert";
import { assertAccessible, violationsOf } from "./_axe.ts";
import { scene, type Stage } from "./_stage.ts";

const POLICY = [
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'",
  "img-src data:; require-trusted-types-for 'script'; trusted-types 'none'",
].join("; ");

/** A page of a script and a body, under a policy as strict as the program's. */
function serve(stage: Stage, script: string, body = "") {
  const files: Record<string, readonly [type: string, text: string]> = {
    "/": [
      "text/html",
      `<!doctype html><html lang="en"><head><title>A page</title>` +
      `<link rel="icon" href="data:,"><script type="module" src="/main.js"></script></head>` +
      `<body><main><h1>A page</h1><p role="status"></p>${body}</main></body></html>`,
    ],
    "/main.js": ["text/javascript", `${SAY}\n${script}`],
  };
  const server = stage.use(
    Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      ({ url }) => {
        const [type, text] = files[new URL(url).pathname] ?? [];
        const headers = {
          "content-type": type ?? "text/plain",
          "content-security-policy": POLICY,
        };
        const status = text === undefined ? 404 : 200;
        return new Response(text ?? "", { status, headers });
      },
    ),
  );
  return server.addr.port;
}

const SAY = `function say(text) {
  document.querySelector("[role=status]").textContent = text;
}`;

const HOW_IT_LOOKS =
  `const dark = matchMedia("(prefers-color-scheme: dark)").matches;
const coarse = matchMedia("(pointer: coarse)").matches;
say([innerWidth, dark ? "dark" : "light", coarse ? "finger" : "mouse"].join(" "));`;

scene("a page in order has no faults, wide or on a phone", async (stage) => {
  const port = serve(stage, HOW_IT_LOOKS);
  const url = `http://127.0.0.1:${port}/`;
  const wide = await stage.visit(url);
  await wide.getByText("1280 light mouse").waitFor();
  await assertAccessible(wide);
  const phone = await stage.visit(url, { size: "phone", scheme: "dark" });
  // A page without a viewport of its own is laid out wide.
  await phone.getByText("980 dark finger").waitFor();
});

const WRONG = `const attempt = (what) => { try { what(); } catch {} };
attempt(() => document.querySelector("h1").innerHTML = "x");
attempt(() => new Function("1"));
document.querySelector("h1").setAttribute("style", "color: red");
console.warn("something odd");
setTimeout(() => { throw new Error("nobody caught this"); });
Promise.reject(new Error("nor that"));
await fetch("/none");
await fetch("http://other.example/").catch(() => {});
new WebSocket("ws://other.example/");
setTimeout(() => say("done"));`;

scene("what goes wrong in a page is noticed", async (stage) => {
  const port = serve(stage, WRONG, '<img src="data:,">');
  const page = await stage.visit(`http://127.0.0.1:${port}/`);
  await page.getByText("done").waitFor();
  const expected = [
    /'TrustedHTML' assignment/,
    /'TrustedScript' assignment/,
    /inline style violates/,
    /console warning: something odd/,
    /nobody caught this/,
    /nor that/,
    /status 404: \S+\/none/,
    /Failed to load resource: .* status of 404/,
    /'http:\/\/other\.example\/' violates/,
    /Fetch API cannot load http:\/\/other/,
    /'ws:\/\/other\.example\/' violates/,
  ];
  for (const pattern of expected) await stage.fault(pattern);
  assertEquals(await stage.faults(), []);
  const violations = await violationsOf(page);
  assertEquals(violations.map((text) => text.split(" ")[0]), ["image-alt"]);
});

scene("a request to another host is noticed", async (stage) => {
  const port = serve(stage, `location = "http://other.example:1/";`);
  await stage.visit(`http://127.0.0.1:${port}/`);
  await stage.fault(/^request elsewhere: http:\/\/other\.example:1\/$/);
  await stage.fault(/^net::ERR_UNSAFE_PORT: http:\/\/other/);
});

scene("plain HTTP under a name is no secure context", async (stage) => {
  const port = serve(stage, "say(isSecureContext)");
  const here = await stage.visit(`http://localhost:${port}/`);
  await here.getByText("true").waitFor();
  const named = await stage.visit(`http://chat.example:${port}/`);
  await named.getByText("false").waitFor();
});
