// Sessions of old clients byte for byte, as the wire's page has them: what a client writes, however
// it is cut, and all that it gets to the end.

import { frame as framed, utf8 } from "./_frames.ts";
import { concat } from "./_frames.ts";
import { hosted } from "./_hosted.ts";
import { Home } from "./_program.ts";
import { scenario } from "./_scenario.ts";
import { type Cut, CUTS, RawClient } from "./_sessions.ts";

/** Frames of these payloads, their lengths as four bytes before them. */
function frames(...payloads: string[]): Uint8Array {
  return concat(payloads.map((payload) => framed(utf8(payload))));
}

/** What a client writes before the end of its input, and what it gets. */
interface Session {
  readonly says: Uint8Array;
  readonly gets: Uint8Array;
}

const LONG = "a".repeat(4_001);
const WELCOME =
  "* welcome to confab: you are ann in lobby (/help lists the commands, exit leaves)\n";

const SESSIONS: readonly (readonly [string, readonly string[], Session])[] = [
  ["framed JSON", [], {
    says: frames(
      '{"type":"chat","txt":"hello"}',
      '{"type":"chat","txt":"zoë 日本 🎉"}',
      '{"type":"chat","txt":"//foo"}',
      '{"type":"chat","txt":""}',
      '{"type":"chat","txt":"/foo"}',
      '{"type":"chat","txt":"/list"}',
      '{"type":"nonsense"}',
      '{"type":"chat","txt":"bye","id":"b"}',
    ),
    gets: frames(
      '{"type":"chat","txt":"hello"}',
      '{"type":"chat","txt":"zoë 日本 🎉"}',
      '{"type":"chat","txt":"/foo"}',
      '{"type":"error","code":"bad-message","text":"chat: txt must be a text of 1 to 4000 characters"}',
      '{"type":"error","code":"unknown-command","text":"there is no command /foo: /help lists the commands"}',
      '{"type":"rooms","rooms":[{"name":"lobby","people":1}]}',
      '{"type":"error","code":"unknown-type","text":"unknown"}',
      '{"type":"chat","txt":"bye","id":"b"}',
    ),
  }],
  ["framed JSON with --echo", ["--echo"], {
    says: frames(
      '{"type":"chat","txt":"hello"}',
      '{"type":"chat","txt":""}',
      '{"type":"chat","txt":"/foo"}',
      '{"type":"chat","txt":"//foo"}',
      '{"type":"chat","txt":"/quit"}',
      '{"type":"chat"}',
      `{"type":"chat","txt":"${LONG}"}`,
      '{"type":"chat","txt":"","id":"empty"}',
      '{"type":"chat","txt":" "}',
      '{"type":"nonsense"}',
      '{"type":"command","name":"list"}',
      '{"type":"chat","txt":"zoë 日本 🎉\\n"}',
    ),
    gets: frames(
      '{"type":"chat","txt":"hello"}',
      '{"type":"chat","txt":""}',
      '{"type":"chat","txt":"/foo"}',
      '{"type":"chat","txt":"//foo"}',
      '{"type":"chat","txt":"/quit"}',
      '{"type":"error","code":"bad-message","text":"chat: txt must be a text of 1 to 4000 characters"}',
      `{"type":"chat","txt":"${LONG}"}`,
      '{"type":"chat","txt":"","id":"empty"}',
      '{"type":"chat","txt":" "}',
      '{"type":"error","code":"unknown-type","text":"unknown"}',
      '{"type":"rooms","rooms":[{"name":"lobby","people":1}]}',
      '{"type":"chat","txt":"zoë 日本 🎉\\n"}',
    ),
  }],
  ["JSON in lines", [], {
    says: utf8(
      '{"type":"chat","txt":"one"}\r\n\n \t\n{"type":"chat","txt":"two"}\nno\n' +
        '{"type":"chat","txt":"three"}',
    ),
    gets: utf8(
      '{"type":"chat","txt":"one"}\n{"type":"chat","txt":"two"}\n' +
        '{"type":"error","code":"bad-message","text":"a message is one JSON object in UTF-8"}\n' +
        '{"type":"chat","txt":"three"}\n',
    ),
  }],
  ["JSON in lines with --echo", ["--echo"], {
    says: utf8(
      '{"type":"chat","txt":""}\n\n{"type":"chat","txt":"/foo"}\r\n{"type":"chat","txt":"end"}',
    ),
    gets: utf8(
      '{"type":"chat","txt":""}\n{"type":"chat","txt":"/foo"}\n{"type":"chat","txt":"end"}\n',
    ),
  }],
  ["HELLO", [], {
    says: utf8(
      "HELLO ann\r\nMSG ann hi all\nhi again\n\nMSG bob hi\nHELLO ann\nBYE bob\n" +
        "/list\n/foo\nBYE ann\nMSG ann nobody reads this\n",
    ),
    gets: utf8(
      "OK ann\nERR NOT_YOU\nERR BAD_MESSAGE hello was said already\nERR NOT_YOU\n" +
        "* lobby (1)\nERR UNKNOWN_COMMAND there is no command /foo: /help lists the commands\n",
    ),
  }],
  ["HELLO with --echo", ["--echo"], {
    says: utf8("HELLO ann\nMSG ann /hi\nhi\nBYE\n"),
    gets: utf8("OK ann\nMSG ann /hi\nMSG ann hi\n"),
  }],
  ["HELLO of two words", [], {
    says: utf8("HELLO Mary Ann\nhello\n"),
    gets: utf8("ERR USERNAME_INVALID\n"),
  }],
  ["HELLO of two words where only an invite lets in", ["--private"], {
    says: utf8("HELLO Mary Ann\n"),
    gets: utf8("ERR USERNAME_INVALID\n"),
  }],
  ["HELLO of a word and blanks", [], {
    says: utf8("HELLO ann  \r\nBYE\r\n"),
    gets: utf8("OK ann\n"),
  }],
  ["a bare terminal", [], {
    says: utf8("hello\r\n\n/foo\n//foo\nexit\nmore\n"),
    gets: utf8(
      WELCOME.replace("ann", "guest-1") + "* in lobby: guest-1\n" +
        "! there is no command /foo: /help lists the commands\n* goodbye\n",
    ),
  }],
  ["a bare terminal with --echo", ["--echo"], {
    says: utf8(
      `hello\r\n\n\r\n/foo\n//foo\n \t \n/quit\nexit now\n exit\n/password x\n${LONG}\n` +
        `${
          "b".repeat(16_384)
        }\n\u0007\u202e\nzoë 日本 🎉\ncafe\u0301\nHELLO ann\nunended`,
    ),
    gets: utf8(
      `hello\r\n\n\r\n/foo\n//foo\n \t \n/quit\nexit now\n exit\n/password x\n${LONG}\n` +
        `${
          "b".repeat(16_384)
        }\n\u0007\u202e\nzoë 日本 🎉\ncafe\u0301\nHELLO ann\nunended`,
    ),
  }],
  ["a bare terminal with --echo that begins with a blank line", ["--echo"], {
    says: utf8("\n\r\nquit\nmore\n"),
    gets: utf8("\n\r\n"),
  }],
  ["a line with --echo that has half an end", ["--echo"], {
    says: utf8("a\rb\nc\r"),
    gets: utf8("a\rb\nc\r"),
  }],
  ["what is no text with --echo", ["--echo"], {
    says: concat([utf8("a\n"), Uint8Array.of(0xff, 0x0a), utf8("b\n")]),
    gets: utf8("a\n! a line is text in UTF-8\n"),
  }],
  ["too long a line with --echo", ["--echo"], {
    says: utf8(`a\n${"b".repeat(16_385)}\n`),
    gets: utf8("a\n! a line has more than 16384 bytes: say it in parts\n"),
  }],
  ["--ask-name", ["--ask-name"], {
    says: utf8("ann\r\nhello\n/name\n"),
    gets: utf8(
      `OK\n${WELCOME}* in lobby: ann\n! usage: /name NAME\n`,
    ),
  }],
  ["--ask-name and an unended name", ["--ask-name"], {
    says: utf8("ann"),
    gets: utf8(`OK\n${WELCOME}* in lobby: ann\n`),
  }],
  ["--ask-name with other tries", ["--ask-name"], {
    says: utf8("Mary Ann\n\nserver\n/list\nann\nexit\n"),
    gets: utf8(
      `${
        "ERR USERNAME_INVALID\n".repeat(4)
      }OK\n${WELCOME}* in lobby: ann\n* goodbye\n`,
    ),
  }],
  ["--ask-name with too many tries", ["--ask-name"], {
    says: utf8(`Mary Ann\n\n${"x".repeat(300)}\nguest-9\n-\nann\nhello\n`),
    gets: utf8("ERR USERNAME_INVALID\n".repeat(5)),
  }],
  ["--ask-name and no name", ["--ask-name"], {
    says: utf8("exit\nann\n"),
    gets: utf8("* goodbye\n"),
  }],
  ["--ask-name with --echo", ["--ask-name", "--echo"], {
    says: utf8("Mary Ann\nann\nhello\n/list\n\r\nexit\n"),
    gets: utf8("ERR USERNAME_INVALID\nOK\nhello\n/list\n\r\n"),
  }],
];

for (const [name, flags, { says, gets }] of SESSIONS) {
  for (const cut of Object.keys(CUTS) as Cut[]) {
    // What is long comes in many writes at once; the point is where the cuts are.
    if (says.length > 10_000 && cut === "a byte at a time") continue;
    scenario(`a session of old: ${name}, ${cut}`, async () => {
      await using server = await hosted(...flags, "--rate", "0");
      await using client = await RawClient.open(server.port);
      await client.write(says, cut);
      await client.endWriting();
      await client.endsWith(gets);
    });
  }
}

const LINES = ["first", "", "/foo", "exit ", "日本", "x".repeat(5_000)];

scenario(
  "with --echo who sends a line gets that line next, from the first on",
  async () => {
    await using server = await hosted("--echo");
    await using nc = await RawClient.open(server.port);
    await using script = await RawClient.open(server.port);
    for (const line of LINES) {
      for (const end of ["\n", "\r\n"]) {
        await nc.write(utf8(line + end));
        await nc.gets(utf8(line + end));
      }
    }
    for (const txt of LINES) {
      const chat = frames(JSON.stringify({ type: "chat", txt }));
      await script.write(chat);
      if (txt === "first") await nc.gets(utf8("[hh:mm] guest-2: first\n"));
      await script.gets(chat);
      if (txt === "/foo") await nc.gets(utf8("[hh:mm] guest-2: /foo\n"));
      if (txt === "exit ") await nc.gets(utf8("[hh:mm] guest-2: exit \n"));
      if (txt === "日本") await nc.gets(utf8("[hh:mm] guest-2: 日本\n"));
    }
  },
);

scenario(
  "with --echo others hear what a terminal says, and it hears nothing else of them",
  async () => {
    await using server = await hosted("--echo");
    await using nc = await RawClient.open(server.port);
    await nc.write(utf8("1\n"));
    await nc.gets(utf8("1\n"));
    await using ann = await RawClient.open(server.port);
    await ann.write(utf8("HELLO ann\n"));
    await ann.gets(utf8("OK ann\n"));
    const long = "x".repeat(5_000);
    await nc.write(utf8(`2\n\n/foo\n${long}\n`));
    await nc.gets(utf8(`2\n\n/foo\n${long}\n`));
    await ann.gets(utf8(
      `MSG guest-1 2\nMSG guest-1 /foo\nMSG guest-1 ${"x".repeat(3_999)}\n` +
        `MSG guest-1 ${"x".repeat(1_001)}\n`,
    ));
    await ann.write(utf8(
      "/topic tea\n/name eve\n/me waves\n/msg guest-1 psst\nhi\nBYE\n",
    ));
    await nc.gets(utf8(
      "[hh:mm] * eve waves\n[hh:mm] eve → guest-1: psst\n[hh:mm] eve: hi\n",
    ));
    await nc.write(utf8("3\n"));
    await nc.gets(utf8("3\n"));
  },
);

scenario(
  "with --echo thousands of lines come back in their order",
  async () => {
    await using server = await hosted("--echo", "--rate", "0");
    const lines = Array.from(
      { length: 5_000 },
      (_, n) => n % 3 === 0 ? "" : n % 3 === 1 ? `/line ${n}` : `line ${n}`,
    );
    const asText = utf8(
      lines.map((line) => `${line}\n`).join(""),
    );
    const asFrames = frames(
      ...lines.map((txt) => JSON.stringify({ type: "chat", txt })),
    );
    for (const all of [asText, asFrames]) {
      await using client = await RawClient.open(server.port);
      await client.write(all);
      await client.endWriting();
      await client.endsWith(all);
    }
  },
);

scenario(
  "a name is asked for until one can be had, and not if it is taken",
  async () => {
    await using server = await hosted("--ask-name");
    await using ann = await RawClient.open(server.port);
    await ann.write(utf8("HELLO ann\n"));
    await ann.gets(utf8("OK ann\n"));
    await using nc = await RawClient.open(server.port);
    for (const name of ["ann", "ANN", "Ann", "ann"]) {
      await nc.write(utf8(`${name}\n`));
      await nc.gets(utf8("ERR USERNAME_TAKEN\n"));
    }
    await nc.write(utf8("bob\n"));
    const welcome = WELCOME.replace("ann", "bob");
    await nc.gets(utf8(`OK\n${welcome}* in lobby: ann, bob\n`));
    await ann.gets(utf8("JOIN bob\n"));
    await using late = await RawClient.open(server.port);
    await late.write(utf8("ann\n".repeat(6)));
    await late.endsWith(utf8("ERR USERNAME_TAKEN\n".repeat(5)));
  },
);

const REQUIRED =
  "! this server needs a password: connect again, and say /password WORD first\n";
const WITH_PASSWORD: readonly (readonly [string, string[], string, string])[] =
  [
    ["HELLO", [], "HELLO ann two words\nBYE\n", "OK ann\n"],
    ["HELLO", [], "HELLO ann\n", "ERR PASSWORD_REQUIRED\n"],
    ["HELLO", [], "HELLO Mary Ann\n", "ERR PASSWORD_WRONG\n"],
    [
      "nc with --echo",
      ["--echo"],
      "/password two words\n/password two words\n\nexit\n",
      "/password two words\n\n",
    ],
    ["nc with --echo", ["--echo"], "hello\n", REQUIRED],
    [
      "nc with --ask-name",
      ["--ask-name"],
      "/password two words\nMary Ann\nann\nexit\n",
      `ERR USERNAME_INVALID\nOK\n${WELCOME}* in lobby: ann\n* goodbye\n`,
    ],
    ["nc with --ask-name", ["--ask-name"], "ann\nann\n", REQUIRED],
    [
      "nc with --ask-name",
      ["--ask-name"],
      "/password wrong\nann\nbob\n",
      "! this is not the password of this server\n",
    ],
    [
      "nc with both",
      ["--ask-name", "--echo"],
      "/password two words\nann\n/password x\n",
      "OK\n/password x\n",
    ],
  ];

for (const [dialect, flags, says, gets] of WITH_PASSWORD) {
  scenario(
    `where a password is set ${dialect} says ${JSON.stringify(says)}`,
    async () => {
      await using home = new Home();
      const file = home.file("password");
      await Deno.writeTextFile(file, "two words\n", { mode: 0o600 });
      const all = [...flags, "--password-file", file];
      for (const cut of ["in one write", "a byte at a time"] as const) {
        await using server = await hosted(...all);
        await using client = await RawClient.open(server.port);
        await client.write(utf8(says), cut);
        await client.endWriting();
        await client.endsWith(utf8(gets));
      }
    },
  );
}
