// What old clients send, and how it ends, at the real program.

import { assertEquals, assertMatch } from "@std/assert";
import { utf8 } from "./_frames.ts";
import { hosted } from "./_hosted.ts";
import { scenario } from "./_scenario.ts";
import {
  FramedClient,
  hello,
  LineClient,
  sitDown,
  unclocked,
  WELCOME,
} from "./_old_clients.ts";

scenario(
  "everything that came before the end of the input is answered",
  async () => {
    await using server = await hosted("--rate", "0");
    const txts = Array.from({ length: 300 }, (_, at) => `message ${at}`);

    await using script = await FramedClient.open(server.port);
    await script.chat(...txts);
    await script.send({ type: "bogus" }, { type: "chat", txt: "/list" });
    await script.send({ type: "history", room: "lobby", limit: 1 });
    await script.endWriting();
    const answers = await script.rest();
    assertEquals(
      answers.slice(0, 300),
      txts.map((txt) => ({ type: "chat", txt })),
    );
    assertEquals(answers[300], {
      type: "error",
      code: "unknown-type",
      text: "unknown",
    });
    assertEquals(answers[301], {
      type: "rooms",
      rooms: [{ name: "lobby", people: 1 }],
    });
    assertEquals(answers[302]?.messages?.[0]?.txt, "message 299");
    assertEquals(answers.length, 303);

    await using ann = await LineClient.open(server.port);
    await ann.write(utf8("HELLO ann\nhi all\n/history 2\nMSG bob hi\n/list"));
    await ann.endWriting();
    const lines = (await ann.rest()).map(unclocked).toSorted();
    assertEquals(lines, [
      "* [hh:mm] ann: hi all",
      "* [hh:mm] guest-1: message 299",
      "* lobby (1)",
      "ERR NOT_YOU",
      "OK ann",
    ]);

    await using nc = await LineClient.open(server.port);
    await nc.write(utf8("/history 1\n/nonsense"));
    await nc.endWriting();
    const seen = (await nc.rest()).map(unclocked);
    assertMatch(seen[0]!, WELCOME);
    assertEquals(seen.slice(1, -4).length, 49);
    assertEquals(seen.slice(-4, -2), [
      "[hh:mm] ann: hi all",
      "* in lobby: guest-2",
    ]);
    // A page is read aside: what is asked after it may be answered before.
    assertEquals(seen.slice(-2).toSorted(), [
      "! there is no command /nonsense: /help lists the commands",
      "[hh:mm] ann: hi all",
    ]);
  },
);

scenario(
  "a line that cannot be followed is an error in the dialect's words, and the end",
  async () => {
    await using server = await hosted();
    const long = `${"x".repeat(16_385)}\nand more\n`;
    const rows: [string, string | Uint8Array, RegExp[]][] = [
      ["nc", `hi\n${long}`, [
        WELCOME,
        /^\* in lobby: /,
        /^! a line has more than 16384 bytes: say it in parts$/,
      ]],
      ["nc at once", long, [/^! a line has more than 16384 bytes/]],
      ["HELLO", `HELLO ann\n${long}`, [
        /^OK ann$/,
        /^ERR TOO_LARGE a line has more than 16384 bytes/,
      ]],
      [
        "HELLO, not UTF-8",
        Uint8Array.of(...utf8("HELLO ann\nhi "), 0xff, 0x0a),
        [
          /^OK ann$/,
          /^ERR BAD_MESSAGE a line is text in UTF-8$/,
        ],
      ],
      [
        "a name that is not UTF-8",
        Uint8Array.of(...utf8("HELLO "), 0xff, 0x0a),
        [
          /^ERR BAD_MESSAGE a line is text in UTF-8$/,
        ],
      ],
    ];
    for (const [what, input, expected] of rows) {
      await using client = await LineClient.open(server.port);
      await client.write(typeof input === "string" ? utf8(input) : input);
      const lines = (await client.rest()).filter((line) =>
        !line.startsWith("[")
      );
      assertEquals(
        lines.length,
        expected.length,
        `${what}: ${lines.join("\n")}`,
      );
      lines.forEach((line, at) => assertMatch(line, expected[at]!, what));
    }
  },
);

scenario(
  "the longest line is said, in parts where it is too long for one message",
  async () => {
    await using server = await hosted();
    await using nc = await LineClient.open(server.port);
    await using ann = await LineClient.open(server.port);
    await sitDown(nc);
    await hello(ann, "ann");
    await nc.type("y".repeat(16_384));
    const parts: string[] = [];
    for (let part = 0; part < 5; part++) parts.push(await ann.next());
    assertEquals(
      parts.map((line) => line.replace("MSG guest-1 ", "").length),
      [3_999, 3_999, 3_999, 3_999, 388],
    );
  },
);

scenario(
  "the first line may be empty, end in CR LF, or be a command",
  async () => {
    await using server = await hosted();
    for (const input of ["\r\n", "\n\n\n", "\t\r\n", "/users\r\n"]) {
      await using nc = await LineClient.open(server.port);
      await nc.write(utf8(input));
      await nc.endWriting();
      const [welcome, ...rest] = await nc.rest();
      const [, name] = WELCOME.exec(welcome!) ?? [];
      const people = `* in lobby: ${name}`;
      const times = input.startsWith("/") ? 2 : 1;
      assertEquals(rest, Array(times).fill(people), JSON.stringify(input));
    }
  },
);
