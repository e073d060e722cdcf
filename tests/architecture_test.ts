/** Who may import whom, as a table; and what a browser is to run is free of what it has not. */
import { assert, assertEquals } from "@std/assert";
import config from "../deno.json" with { type: "json" };
import { VERSION } from "../src/base/version.ts";

const SRC = new URL("../src/", import.meta.url).pathname;

/**
 * Folders that the files of each may import from, besides its own and `base`. `type:` allows types
 * only; the path of a file allows just that file.
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  base: [],
  wire: [],
  net: ["wire"],
  text: ["wire"],
  secure: ["wire", "net"],
  trust: ["wire", "secure"],
  store: [],
  chat: [
    "type:wire",
    "wire/fingerprint_text.ts",
    "wire/fold.ts",
    "wire/frame_list.ts",
    "wire/names.ts",
    "wire/slash.ts",
    "type:store",
    "store/directory.ts",
    "store/kinds.ts",
  ],
  delivery: ["wire", "type:store", "store/kinds.ts", "type:chat"],
  gateway: ["wire", "net", "text", "type:delivery"],
  server: ["wire", "net", "secure", "chat", "delivery", "gateway", "store"],
  http: ["wire", "net", "gateway", "server/open.ts"],
  tls: ["net", "trust", "gateway", "server/open.ts"],
  client: ["wire", "net", "secure"],
  memory: ["wire", "secure", "type:client"],
  terminal: ["wire", "secure", "trust", "text", "memory", "type:client"],
  bench: ["wire", "net", "secure", "store", "server"],
  web: ["wire", "net", "text", "secure", "trust", "memory", "client"],
  cli: [
    "wire",
    "net",
    "text",
    "secure",
    "trust",
    "store",
    "server",
    "http",
    "tls",
    "client",
    "terminal",
    "bench",
    "wire/names.ts",
    "chat/purge.ts",
  ],
};

/** Files that need the runtime; nothing that a page is to run imports them. */
const NATIVE = [
  "net/duplex_of.ts",
  "net/tcp.ts",
  "trust/identity_file.ts",
  "trust/key_file.ts",
  "trust/key_transfer.ts",
  "trust/known_servers.ts",
  "trust/next_key.ts",
  "trust/private_file.ts",
];
/** Folders that a page is to run. */
const PORTABLE = [
  "wire",
  "text",
  "client",
  "memory",
  "web",
  "net",
  "secure",
  "trust",
];

interface Import {
  readonly from: string;
  /** A file of `src`, or what is imported by a name. */
  readonly to: string;
  readonly isType: boolean;
}

interface Source {
  readonly path: string;
  /** Without its comments. */
  readonly code: string;
}

function* sourcesIn(folder: string): Generator<Source> {
  for (const entry of Deno.readDirSync(`${SRC}${folder}`)) {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory) yield* sourcesIn(`${path}/`);
    else if (/\.tsx?$/.test(path) && !path.endsWith(".d.ts")) {
      const text = Deno.readTextFileSync(`${SRC}${path}`);
      yield { path, code: text.replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "") };
    }
  }
}

const sources = [...sourcesIn("")];
const imports = sources.flatMap(importsOf);

function importsOf({ path, code }: Source): Import[] {
  const statements = code.matchAll(
    /^(?:import|export)\s+(type\s+)?(?:[^;"']*?\sfrom\s+)?"([^"]+)"/gm,
  );
  const static_ = Array.from(
    statements,
    ([, type, to]): [boolean, string] => [type !== undefined, to!],
  );
  const dynamic = Array.from(
    code.matchAll(/\bimport\("([^"]+)"\)/g),
    ([, to]): [boolean, string] => [false, to!],
  );
  return [...static_, ...dynamic].map(([isType, to]) => {
    const target = to.startsWith(".")
      ? new URL(to, `file:///${path}`).pathname.slice(1)
      : to;
    return { from: path, to: target, isType };
  });
}

function folderOf(path: string): string {
  return path.includes("/") ? path.split("/")[0]! : "";
}

Deno.test("every import goes the way that the table allows", () => {
  const wrong = imports.filter(({ from, to, isType }) => {
    if (!/\.tsx?$/.test(to)) return false;
    const [folder, other] = [folderOf(from), folderOf(to)];
    if (folder === other || other === "base") return false;
    const allowed = MAY_IMPORT[folder] ?? [];
    return !(allowed.includes(other) || allowed.includes(to) ||
      isType && allowed.includes(`type:${other}`));
  });
  assertEquals(wrong, []);
});

Deno.test("the table knows every folder", () => {
  const folders = new Set(sources.map(({ path }) => folderOf(path)));
  assertEquals([...folders].sort(), Object.keys(MAY_IMPORT).sort());
});

Deno.test("the executable has every module that runs in a thread of its own", () => {
  const modules = sources.flatMap(({ path, code }) =>
    Array.from(
      code.matchAll(/new Worker\(\s*new URL\("([^"]+)"/g),
      ([, to]) => new URL(to!, `file:///src/${path}`).pathname.slice(1),
    )
  );
  const included = Array.from(
    config.tasks.compile.command.matchAll(/--include (\S+)/g),
    ([, module]) => module,
  );
  assertEquals(included.toSorted(), modules.toSorted());
});

Deno.test("no file reaches itself by what it imports, types or not", () => {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) {
    if (/\.tsx?$/.test(to)) {
      next.set(from, [...(next.get(from) ?? []), to]);
    }
  }
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]): void => {
    assert(!trail.includes(path), `a circle: ${[...trail, path].join(" → ")}`);
    if (done.has(path)) return;
    for (const other of next.get(path) ?? []) walk(other, [...trail, path]);
    done.add(path);
  };
  for (const { path } of sources) walk(path, []);
});

Deno.test("what a page is to run is free of Deno and Node", () => {
  const portable = sources.filter(({ path }) =>
    PORTABLE.includes(folderOf(path)) && !NATIVE.includes(path)
  );
  const wrong = portable.filter(({ code }) => /\bDeno\.|"node:/.test(code));
  assertEquals(wrong.map(({ path }) => path), []);
  const reaching = imports.filter(({ from, to }) => {
    return PORTABLE.includes(folderOf(from)) && !NATIVE.includes(from) &&
      NATIVE.includes(to);
  });
  assertEquals(reaching, []);
});

Deno.test("the chat is pure: it imports nothing by name, and knows no runtime", () => {
  const wrong = imports.filter(({ from, to }) =>
    folderOf(from) === "chat" && !to.endsWith(".ts")
  );
  assertEquals(wrong, []);
  const chat = sources.filter(({ path }) => folderOf(path) === "chat");
  const impure = chat.filter(({ code }) =>
    /\bDeno\.|Date\.now|Math\.random|performance\.|setTimeout|crypto\./.test(
      code,
    )
  );
  assertEquals(impure.map(({ path }) => path), []);
});

Deno.test("every limit is used", () => {
  const limits = sources.find(({ path }) => path === "base/limits.ts")!;
  const names = Array.from(
    limits.code.matchAll(/export const (\w+)/g),
    ([, name]) => name!,
  );
  const others = sources.filter((source) => source !== limits).map(({ code }) =>
    code
  ).join("\n");
  assertEquals(
    names.filter((name) => !new RegExp(`\\b${name}\\b`).test(others)),
    [],
  );
});

Deno.test("the version is the same everywhere", () => {
  assertEquals(VERSION, config.version);
});
