import { brotliCompressSync } from "node:zlib";
import { assertEquals } from "@std/assert";
import { encodeBase64 } from "@std/encoding/base64";
import { PageFiles } from "../../src/http/page_files.ts";
import {
  answerTo,
  type Offered,
  type PageRequest,
} from "../../src/http/requests.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("a request");
const TEXT = "<p>hello</p>";
const FILES = new PageFiles([
  {
    path: "/",
    type: "text/html; charset=utf-8",
    brotli: encodeBase64(brotliCompressSync(TEXT)),
    etag: '"abc"',
  },
  {
    path: "/app.0a1b2c3d.js",
    type: "text/javascript; charset=utf-8",
    brotli: encodeBase64(brotliCompressSync("x")),
    etag: '"def"',
  },
]);

const ask = (asked: Partial<PageRequest>, offered: Partial<Offered> = {}) =>
  answerTo({
    method: "GET",
    target: "/",
    encodings: undefined,
    known: undefined,
    authorization: undefined,
    isLocal: false,
    ...asked,
  }, { files: FILES, ...offered });

const bodyOf = ({ body }: { body?: Uint8Array }) =>
  body && new TextDecoder().decode(body);

test("gets a file by its very path, whatever is asked of it", async () => {
  for (const target of ["/", "/?x=1"]) {
    assertEquals(bodyOf(await ask({ target })), TEXT);
  }
  for (const target of ["/x", "//", "/index.html", "/../", "/%2e", "/APP"]) {
    assertEquals((await ask({ target })).status, 404, target);
  }
});

test("gets what it can take: Brotli, else gzip, else as it is", async () => {
  const encodings: Record<string, string | undefined> = {
    "gzip": "gzip",
    "gzip, deflate, br, zstd": "br",
    "gzip, br;q=0": "gzip",
    "GZIP;q=0.5": "gzip",
    "*": "br",
    "br": "br",
    "gzip;q=0": undefined,
    "br;q=0, gzip;q=0, *": undefined,
    "identity": undefined,
    "xgzip": undefined,
  };
  for (const [asked, expected] of Object.entries(encodings)) {
    const answer = await ask({ encodings: asked });
    assertEquals(answer.headers["content-encoding"], expected, asked);
    assertEquals(answer.headers["vary"], "accept-encoding");
  }
  assertEquals(bodyOf(await ask({})), TEXT);
});

test("gets 304 for what it has, however it names it", async () => {
  for (const known of ['W/"abc"', '"abc"', '"x", W/"abc"', "*"]) {
    const { status, headers, body } = await ask({ known });
    assertEquals([status, body], [304, undefined], known);
    assertEquals(headers["etag"], 'W/"abc"');
    assertEquals(headers["cache-control"], "no-cache");
  }
  assertEquals((await ask({ known: '"x"' })).status, 200);
});

test("may keep for ever what names its content", async () => {
  const { headers } = await ask({ target: "/app.0a1b2c3d.js" });
  assertEquals(
    headers["cache-control"],
    "public, max-age=31536000, immutable",
  );
});

test("of another method is told which there are", async () => {
  for (const method of ["POST", "PUT", "OPTIONS", "DELETE", "TRACE"]) {
    const { status, headers } = await ask({ method });
    assertEquals([status, headers["allow"]], [405, "GET, HEAD"]);
  }
});

test("gets the numbers on this machine, and elsewhere with the token", async () => {
  const metrics = () => Promise.resolve("confab_rooms 1\n");
  const numbers = async (asked: Partial<PageRequest>, token?: string) => {
    const more = token === undefined ? {} : { metricsToken: token };
    const answer = await ask({ target: "/metrics", ...asked }, {
      metrics,
      ...more,
    });
    return [answer.status, bodyOf(answer)];
  };
  const seen = [200, "confab_rooms 1\n"];
  const hidden = [404, "not found\n"];
  assertEquals(await numbers({ isLocal: true }), seen);
  assertEquals(await numbers({}), hidden);
  const authorization = "Bearer s3cret";
  assertEquals(await numbers({ authorization }), hidden);
  assertEquals(await numbers({ authorization }, "s3cret"), seen);
  assertEquals(
    await numbers({ authorization: "bearer  s3cret" }, "s3cret"),
    seen,
  );
  for (
    const wrong of ["Bearer s3cre", "Bearer s3cret2", "s3cret", "Basic s3cret"]
  ) {
    assertEquals(await numbers({ authorization: wrong }, "s3cret"), hidden);
  }
  assertEquals((await ask({ target: "/metrics", isLocal: true })).status, 404);
});
