import { assertEquals, assertThrows } from "@std/assert";
import { parse } from "@std/yaml/parse";
import {
  type CommandTable,
  CONFIG_ROW,
  row,
} from "../../src/cli/option_table.ts";
import { type OptionSources, readOptions } from "../../src/cli/options.ts";
import { UsageError } from "../../src/base/errors.ts";

const SERVE = {
  name: "serve",
  summary: "run a server",
  positionals: [],
  options: {
    host: { kind: "string", value: "ADDRESS", help: "", default: "::1" },
    port: {
      kind: "integer",
      value: "PORT",
      min: 0,
      max: 65_535,
      help: "",
      default: 5000,
    },
    "max-connections": {
      kind: "integer",
      value: "N",
      min: 1,
      max: 10,
      help: "",
    },
    "log-format": {
      kind: "choice",
      value: "FORMAT",
      choices: ["text", "json"],
      help: "",
      default: "text",
    },
    durability: {
      kind: "choice",
      value: "D",
      choices: ["normal", "full"],
      help: "",
    },
    admin: { kind: "list", value: "KEY", help: "" },
    echo: { kind: "flag", help: "" },
    room: { kind: "string", value: "ROOM", help: "" },
    password: { kind: "string", value: "WORD", help: "", secret: true },
    config: CONFIG_ROW,
  },
} as const satisfies CommandTable;

const JOIN = {
  name: "join",
  summary: "join a server",
  positionals: [{ value: "HOST[:PORT]", help: "" }],
  options: { name: { kind: "string", value: "NAME", help: "" } },
} as const satisfies CommandTable;

const FORGET = {
  name: "forget",
  summary: "drop a key",
  positionals: [{ value: "HOST:PORT", help: "", required: true }],
  options: {},
} as const satisfies CommandTable;

interface Given {
  env?: Record<string, string>;
  files?: Record<string, string>;
}

function test(name: string, fn: () => void): void {
  Deno.test({ name: `options: ${name}`, permissions: "none", fn });
}

function sources(
  argv: readonly string[],
  { env = {}, files = {} }: Given,
): OptionSources {
  return {
    argv,
    env: (name) => env[name],
    readText: (path) => {
      const text = files[path];
      if (text === undefined) throw new Deno.errors.NotFound("os error 2");
      return text;
    },
  };
}

function serve(argv: readonly string[], given: Given = {}) {
  return readOptions(SERVE, sources(argv, given)).options;
}

function faultOf(argv: readonly string[], given: Given = {}): string {
  return assertThrows(() => serve(argv, given), UsageError).message;
}

function inFile(config: unknown): Given {
  return { env: { CONFAB_CONFIG: "f" }, files: { f: JSON.stringify(config) } };
}

test("are the defaults when nothing is given", () => {
  assertEquals(serve([]), {
    host: "::1",
    port: 5000,
    maxConnections: undefined,
    logFormat: "text",
    durability: undefined,
    admin: [],
    echo: false,
    room: undefined,
    password: undefined,
    config: undefined,
  });
});

test("have the types of their rows", () => {
  const options = serve(["--port", "1"]);
  // These lines are checked by the compiler: each would not fit a wider type.
  const host: string = options.host;
  const port: number = options.port;
  const most: number | undefined = options.maxConnections;
  const format: "text" | "json" = options.logFormat;
  const durability: "normal" | "full" | undefined = options.durability;
  const admins: readonly string[] = options.admin;
  const echo: boolean = options.echo;
  // @ts-expect-error: without a default there may be none.
  const room: string = options.room;
  assertEquals(
    [host, port, most, format, durability, admins, echo, room],
    ["::1", 1, undefined, "text", undefined, [], false, undefined],
  );
});

test("are read from flags, with a space or an equals sign", () => {
  const flags = ["--host", "h", "--port=7", "--echo", "--log-format", "json"];
  const { host, port, echo, logFormat } = serve(flags);
  assertEquals([host, port, echo, logFormat], ["h", 7, true, "json"]);
});

test("are read from the environment", () => {
  const env = {
    CONFAB_HOST: "h",
    CONFAB_PORT: "7",
    CONFAB_MAX_CONNECTIONS: "10",
    CONFAB_ADMIN: "A, B,,C ",
    CONFAB_PASSWORD: "secret",
  };
  const options = serve([], { env });
  assertEquals(options.host, "h");
  assertEquals(options.port, 7);
  assertEquals(options.maxConnections, 10);
  assertEquals(options.admin, ["A", "B", "C"]);
  assertEquals(options.password, "secret");
});

test("are read from a JSON file that a flag or the environment names", () => {
  const config = {
    "host": "h",
    "port": 7,
    "log-format": "json",
    "admin": ["A", "B"],
    "echo": true,
    "password": "secret",
  };
  const files = { f: `\ufeff${JSON.stringify(config)}` };
  const expected = {
    host: "h",
    port: 7,
    maxConnections: undefined,
    logFormat: "json",
    durability: undefined,
    admin: ["A", "B"],
    echo: true,
    room: undefined,
    password: "secret",
    config: "f",
  } as const;
  assertEquals(serve(["--config", "f"], { files }), expected);
  assertEquals(serve([], { files, env: { CONFAB_CONFIG: "f" } }), expected);
});

test("go by flag, then environment, then file, then default", () => {
  const files = { f: `{"port":3,"echo":true,"admin":["file"]}` };
  const env = { CONFAB_CONFIG: "f" };
  const all = { CONFAB_PORT: "2", CONFAB_ADMIN: "env", CONFAB_ECHO: "no" };
  const both = { files, env: { ...env, ...all } };
  const flags = ["--port", "1", "--admin", "flag", "--echo"];
  const valuesOf = ({ port, admin, echo }: ReturnType<typeof serve>) => [
    port,
    admin,
    echo,
  ];
  assertEquals(valuesOf(serve(flags, both)), [1, ["flag"], true]);
  assertEquals(valuesOf(serve([], both)), [2, ["env"], false]);
  assertEquals(valuesOf(serve([], { files, env })), [3, ["file"], true]);
  assertEquals(valuesOf(serve([])), [5000, [], false]);
});

test("given twice count as given last; lists accumulate", () => {
  const flags = ["--port=1", "--admin", "A", "--port", "2", "--admin=B,C"];
  const { port, admin } = serve(flags);
  assertEquals(port, 2);
  assertEquals(admin, ["A", "B,C"]);
});

test("keep values that look like something else", () => {
  assertEquals(serve(["--room", ""]).room, "");
  assertEquals(serve(["--room="]).room, "");
  assertEquals(serve(["--room", "007"]).room, "007");
  assertEquals(serve(["--room", "-x"]).room, "-x");
  assertEquals(serve(["--room=--x"]).room, "--x");
  assertEquals(serve(["--room", "a=b\nc"]).room, "a=b\nc");
  assertEquals(serve(["--room", "true"]).room, "true");
});

test("take an empty variable as one that is not set", () => {
  const env = { CONFAB_PORT: "", CONFAB_HOST: "", CONFAB_ECHO: "" };
  const { port, host, echo } = serve([], { env });
  assertEquals([port, host, echo], [5000, "::1", false]);
});

test("know yes and no in the environment and after an equals sign", () => {
  for (const yes of ["1", "true", "yes", "YES"]) {
    assertEquals(serve([], { env: { CONFAB_ECHO: yes } }).echo, true);
    assertEquals(serve([`--echo=${yes}`]).echo, true);
  }
  for (const no of ["0", "false", "no", "No"]) {
    assertEquals(serve([], { env: { CONFAB_ECHO: no } }).echo, false);
    assertEquals(serve([`--echo=${no}`]).echo, false);
  }
  assertEquals(
    faultOf([], { env: { CONFAB_ECHO: "maybe" } }),
    "CONFAB_ECHO=maybe: must be true or false",
  );
  assertEquals(
    faultOf(["--echo=maybe"]),
    "--echo maybe: must be true or false",
  );
});

test("leave a word after a switch to the positionals", () => {
  assertEquals(
    faultOf(["--echo", "true"]),
    `unexpected argument "true": confab serve takes no arguments`,
  );
});

const LISTED = ": confab help serve lists them";

test("refuse an unknown flag and name the nearest", () => {
  assertEquals(
    faultOf(["--prot", "1"]),
    "unknown flag --prot, did you mean --port?",
  );
  assertEquals(faultOf(["--colour"]), `unknown flag --colour${LISTED}`);
  assertEquals(faultOf(["-p5000"]), `unknown flag -p5000${LISTED}`);
  assertEquals(faultOf(["--no-echo"]), `unknown flag --no-echo${LISTED}`);
  assertEquals(faultOf(["--no-room=x"]), `unknown flag --no-room${LISTED}`);
  assertEquals(
    faultOf(["--constructor"]),
    `unknown flag --constructor${LISTED}`,
  );
  assertEquals(faultOf(["--__proto__=x"]), `unknown flag --__proto__${LISTED}`);
  assertEquals(faultOf(["--="]), `unknown flag --${LISTED}`);
});

test("repeat neither a value nor control characters of an unknown flag", () => {
  assertEquals(
    faultOf(["--pasword=hunter2"]),
    "unknown flag --pasword, did you mean --password?",
  );
  assertEquals(faultOf(["--a\nb"]), `unknown flag "--a\\nb"${LISTED}`);
});

test("refuse a flag without its value", () => {
  assertEquals(faultOf(["--port"]), "--port needs a value: --port PORT");
  assertEquals(
    faultOf(["--port", "--echo"]),
    "--port needs a value: --port PORT",
  );
  assertEquals(faultOf(["--port", "--"]), "--port needs a value: --port PORT");
});

test("refuse what is no whole number in its range, wherever it stands", () => {
  const allowed = "must be a whole number from 0 to 65535";
  for (const bad of ["70000", "-1", "5000x", "1.5", "1e3", "0x10", "+1"]) {
    assertEquals(faultOf(["--port", bad]), `--port ${bad}: ${allowed}`);
    const env = { CONFAB_PORT: bad };
    assertEquals(faultOf([], { env }), `CONFAB_PORT=${bad}: ${allowed}`);
  }
  assertEquals(faultOf(["--port", ""]), `--port "": ${allowed}`);
  assertEquals(faultOf(["--port", " 1"]), `--port " 1": ${allowed}`);
  const digits = "9".repeat(400);
  assertEquals(faultOf(["--port", digits]), `--port ${digits}: ${allowed}`);
  for (const bad of [70_000, -1, 1.5, "5000", null, true]) {
    assertEquals(
      faultOf([], inFile({ port: bad })).replace(/, not .*/, ""),
      `f: "port" ${allowed}`,
    );
  }
});

test("take the least and the greatest of a range", () => {
  assertEquals(serve(["--port", "0"]).port, 0);
  assertEquals(serve(["--port", "65535"]).port, 65_535);
});

test("refuse a choice that is none", () => {
  assertEquals(
    faultOf(["--log-format", "xml"]),
    "--log-format xml: must be text or json",
  );
  assertEquals(
    faultOf([], inFile({ "log-format": "xml" })),
    `f: "log-format" must be text or json, not "xml"`,
  );
});

test("do not mind a wrong variable under a flag that stands over it", () => {
  const env = { CONFAB_PORT: "x" };
  assertEquals(serve(["--port", "1"], { env }).port, 1);
});

test("take a secret from the environment or a file, never as a flag", () => {
  const expected =
    "--password is not taken as a flag, where others on this machine can read it; set CONFAB_PASSWORD";
  assertEquals(faultOf(["--password", "hunter2"]), expected);
  assertEquals(faultOf(["--password=hunter2"]), expected);
});

test("do not repeat a secret of the wrong type", () => {
  assertEquals(
    faultOf([], inFile({ password: 1234 })),
    `f: "password" must be a string`,
  );
});

test("refuse an unknown key of the file and name the nearest", () => {
  assertEquals(
    faultOf([], inFile({ prot: 1 })),
    "f: unknown key prot, did you mean port?",
  );
  assertEquals(faultOf([], inFile({ config: "g" })), "f: unknown key config");
  const given = {
    env: { CONFAB_CONFIG: "f" },
    files: { f: `{"__proto__":1}` },
  };
  assertEquals(faultOf([], given), "f: unknown key __proto__");
});

test("refuse a value of the wrong type in the file", () => {
  assertEquals(
    faultOf([], inFile({ host: 1 })),
    `f: "host" must be a string, not 1`,
  );
  assertEquals(
    faultOf([], inFile({ echo: "yes" })),
    `f: "echo" must be true or false, not "yes"`,
  );
  assertEquals(
    faultOf([], inFile({ admin: "A" })),
    `f: "admin" must be an array of strings, not "A"`,
  );
  assertEquals(
    faultOf([], inFile({ admin: [1] })),
    `f: "admin" must be an array of strings, not [1]`,
  );
});

test("refuse a file that is missing, no JSON, or no object", () => {
  const of = (text: string) =>
    faultOf(["--config", "f"], { files: { f: text } });
  assertEquals(faultOf(["--config", "f"]), "f: there is no such file");
  assertEquals(
    of(`{"port": 1\n "echo": true}`),
    "f: is not JSON (line 2 column 2)",
  );
  assertEquals(of(""), "f: is not JSON");
  assertEquals(of("[]"), "f: must be one JSON object");
  assertEquals(of("null"), "f: must be one JSON object");
});

test("repeat nothing of a file that is no JSON, as it may hold a secret", () => {
  const files = { f: `{"password": hunter2}` };
  assertEquals(faultOf(["--config", "f"], { files }), "f: is not JSON");
});

test("leave positionals as they are, also after --", () => {
  const join = (argv: string[]) => readOptions(JOIN, sources(argv, {}));
  assertEquals(join([]).positionals, []);
  assertEquals(join(["127.0.0.1"]).positionals, ["127.0.0.1"]);
  assertEquals(join(["007", "--name", "x"]).positionals, ["007"]);
  assertEquals(join(["--name", "x", "5000"]).positionals, ["5000"]);
  assertEquals(join(["--", "--name"]).positionals, ["--name"]);
  assertEquals(join(["-"]).positionals, ["-"]);
});

test("refuse a positional too many or too few", () => {
  assertEquals(
    assertThrows(
      () => readOptions(JOIN, sources(["a", "b"], {})),
      UsageError,
    ).message,
    `unexpected argument "b": confab join takes only HOST[:PORT]`,
  );
  assertEquals(
    assertThrows(() => readOptions(FORGET, sources([], {})), UsageError)
      .message,
    "confab forget needs HOST:PORT",
  );
});

const yaml = (text: string) => ({
  ...sources(["--config", "c.yaml"], { files: { "c.yaml": text } }),
  parseYaml: parse,
});

test("are taken from a file of YAML as from one of JSON", () => {
  const text = `# the server of the house
host: 0.0.0.0
port: 5001 # as told
admin:
  - SHA256:a
  - "SHA256:b"
echo: true
password: "1234"
`;
  const { options } = readOptions(SERVE, yaml(text));
  const { host, port, admin, echo, password } = options;
  assertEquals([host, port, echo, password], ["0.0.0.0", 5001, true, "1234"]);
  assertEquals(admin, ["SHA256:a", "SHA256:b"]);
  assertEquals(readOptions(SERVE, yaml("# nothing yet\n")).options.port, 5000);
  const json = readOptions(SERVE, yaml('{"port": 5002}'));
  assertEquals(json.options.port, 5002);
});

test("say the file, the line and what to do of what is wrong in YAML", () => {
  const of = (text: string) =>
    assertThrows(() => readOptions(SERVE, yaml(text)), UsageError).message;
  assertEquals(
    of("echo: true\nprot: 1\n"),
    "c.yaml:2: unknown key prot, did you mean port?",
  );
  assertEquals(
    of("\nroom: 2020\n"),
    'c.yaml:2: "room" must be a string, not 2020: put it in quotes',
  );
  assertEquals(
    of("password: 1234\n"),
    'c.yaml:1: "password" must be a string: put it in quotes',
  );
  assertEquals(
    of("# on\n\necho: yes\n"),
    'c.yaml:3: "echo" must be true or false, not "yes"',
  );
  assertEquals(
    of("port: 1\nport: 2\n"),
    "c.yaml:2: this key is there twice: remove one",
  );
  assertEquals(
    of("port: 1\n  room: den\n"),
    "c.yaml:2: is not YAML (column 7): look at the indentation, colons and quotes there",
  );
  assertEquals(of("- port\n"), "c.yaml: must be lines like port: 5001");
});

test("repeat nothing of what is no YAML, as it may hold a secret", () => {
  for (const text of ["password: !hunter2 x", "a: *hunter2", "'hunter2"]) {
    const { message } = assertThrows(
      () => readOptions(SERVE, yaml(text)),
      UsageError,
    );
    assertEquals(message.includes("hunter2"), false, message);
  }
});

const DO = {
  name: "do",
  summary: "do something",
  positionals: [],
  options: {
    name: row.string("NAME").help(""),
    now: row.deed().help(""),
    out: row.string("FILE", { isDeed: true, bare: "-" }).help(""),
  },
} as const satisfies CommandTable;

test("that say what to do are not taken from the environment", () => {
  const env = { CONFAB_NAME: "ann", CONFAB_NOW: "yes", CONFAB_OUT: "f" };
  const { options } = readOptions(DO, sources([], { env }));
  assertEquals(options, { name: "ann", now: false, out: undefined });
});

test("that may stand alone do, and take a value where there is one", () => {
  const out = (...argv: string[]) =>
    readOptions(DO, sources(argv, {})).options.out;
  assertEquals(out("--out"), "-");
  assertEquals(out("--out", "--now"), "-");
  assertEquals(out("--out", "f", "--now"), "f");
  assertEquals(out("--out=f"), "f");
  assertEquals(out("--out", "-"), "-");
  assertThrows(() => out("--", "--out"), UsageError);
});
