import { assert, assertEquals } from "@std/assert";
import { enter, flood } from "../e2e/_people.ts";
import { Home, Server } from "../e2e/_program.ts";
import { unless } from "../_testing.ts";
import { within } from "../e2e/_scenario.ts";
import { hasTmux, Pane } from "./_tmux.ts";

const missing = await hasTmux() ? undefined : "there is no tmux here";

/** Each takes a server and a home of its own. */
function test(
  name: string,
  fn: (server: Server, home: Home) => Promise<void>,
): void {
  Deno.test({
    ...unless(missing, `join in a terminal: ${name}`),
    fn: async () => {
      await using server = await Server.start();
      await using home = new Home();
      await fn(server, home);
    },
  });
}

/** Whether the terminal's modes are those of before. */
async function isAsBefore(home: Home, name: string): Promise<boolean> {
  const [before, after] = await Promise.all([
    Deno.readTextFile(home.file(`${name}.before`)),
    Deno.readTextFile(home.file(`${name}.after`)),
  ]);
  return before !== "" && before === after;
}

function person(server: Server, home: Home, name: string): Promise<Pane> {
  const args = `join ${server.address} --trust-new --name ${name}`;
  return Pane.open(args, { CONFAB_DATA: home.file(name), NO_COLOR: "1" });
}

const untimed = (row: string) => row.replace(/^\[\d\d:\d\d\] /, "");

test(
  "two people talk, in a window of 20 columns too, and leave everything as it was",
  async (server, home) => {
    await using ann = await person(server, home, "ann");
    await ann.last("lobby ›");
    await using bob = await person(server, home, "bob");
    await bob.last("lobby ›");
    await ann.until(
      (rows) => rows.map(untimed).includes("* bob joined lobby"),
      "bob",
    );
    await ann.type("half a sentence, and the other half");
    await bob.type("hello ann");
    await bob.press("Enter");
    const rows = await ann.until(
      (rows) => rows.map(untimed).includes("bob: hello ann"),
      "what bob said",
    );
    assertEquals(rows.at(-1), "lobby › half a sentence, and the other half");

    await ann.resize(20, 12);
    const narrow = ["lobby › half a sente", "nce, and the other h", "alf"];
    await ann.until(
      (rows) => rows.slice(-3).join("|") === narrow.join("|"),
      "the line in three rows",
    );
    await bob.type("still there?");
    await bob.press("Enter");
    await ann.until(
      (rows) =>
        rows.slice(-3).join("|") === narrow.join("|") &&
        rows.map((row) => row.trimStart()).join(" ").includes("still there?"),
      "the line below what was said",
    );
    const all = await ann.rows();
    assertEquals(all.join("|").split("lobby › half").length, 2);

    await ann.press("Enter");
    await bob.until(
      (rows) =>
        rows.map(untimed).includes("ann: half a sentence, and the other half"),
      "what ann said",
    );
    await ann.press("C-c");
    await ann.until(
      (rows) => rows.at(-2) === "Ctrl+C again leaves",
      "what a second one does",
    );
    await ann.press("C-c");
    await ann.last("ended");
    assert((await ann.rows()).includes("after 0"));
    assert(await isAsBefore(home, "ann"));
    await bob.press("C-d");
    await bob.last("ended");
    assert(await isAsBefore(home, "bob"));
  },
);

test(
  "commands act in the room that is shown, wherever the server says that one is",
  async (server, home) => {
    await using bob = await person(server, home, "bob");
    await bob.last("lobby ›");
    await using ann = await person(server, home, "ann");
    await ann.last("lobby ›");
    await ann.type("/join +Dev");
    await ann.press("Enter");
    await ann.last("Dev ›");
    await ann.press("M-1");
    await ann.last("lobby ›");
    await ann.type("/me waves");
    await ann.press("Enter");
    await bob.until(
      (rows) => rows.map(untimed).includes("* ann waves"),
      "what ann does",
    );
    await ann.until(
      (rows) => rows.map(untimed).includes("* ann waves"),
      "what she did",
    );
    await ann.type("/join +dev");
    await ann.press("Enter");
    await ann.last("Dev ›");
    await ann.press("M-1");
    await ann.last("lobby ›");
    await ann.type("/leave");
    await ann.press("Enter");
    await ann.last("Dev ›");
    await bob.until(
      (rows) => rows.map(untimed).includes("* ann left lobby"),
      "ann leave",
    );
  },
);

test(
  "what is to be remembered is written, though the person leaves at once",
  async (server, home) => {
    await using ann = await person(server, home, "ann");
    await ann.last("lobby ›");
    await using bob = await person(server, home, "bob");
    await bob.last("lobby ›");
    await bob.type("hello ann");
    await bob.press("Enter");
    await ann.until(
      (rows) => rows.map(untimed).includes("bob: hello ann"),
      "what bob said",
    );
    await ann.type("/ignore mallory");
    await ann.press("Enter", "C-d");
    await ann.last("ended");
    const files = Array.from(Deno.readDirSync(home.file("ann")))
      .map(({ name }) => name);
    assertEquals(files.filter((name) => name.endsWith(".tmp")), []);
    const text = await Deno.readTextFile(`${home.file("ann")}/client.json`);
    const { ignored, servers } = JSON.parse(text);
    assertEquals(ignored, ["mallory"]);
    assertEquals(servers[server.address].read, { lobby: 1 });
  },
);

test(
  "the terminal is as it was after SIGTERM and SIGHUP",
  async (server, home) => {
    for (const signal of ["SIGTERM", "SIGHUP"] as const) {
      await using pane = await person(server, home, signal.toLowerCase());
      await pane.last("lobby ›");
      await pane.type("typed");
      await pane.last("lobby › typed");
      Deno.kill(await pane.childPid(), signal);
      const rows = await pane.last("ended");
      assert(rows.includes("after 0"), rows.join("\n"));
      assert(!rows.join("").includes("typed"));
      assert(await isAsBefore(home, signal.toLowerCase()));
    }
  },
);

test(
  "PgUp reads back to the first message on another screen, which a signal ends as well",
  async (_, home) => {
    await using server = await Server.start("--rate", "0");
    await using bob = await enter(server, { name: "bob" });
    await flood(bob, 250);
    await using ann = await person(server, home, "ann");
    await ann.last("lobby ›");
    await ann.press("PageUp");
    await ann.until((rows) => / of 250/.test(rows.at(-1)!), "the status");
    await ann.press("Home");
    await ann.until(
      (rows) => rows.includes("── that is where it begins ──"),
      "the beginning",
    );
    await ann.press("q");
    await ann.last("lobby ›");
    await ann.press("PageUp");
    await ann.until((rows) => / of 250/.test(rows.at(-1)!), "the status");
    Deno.kill(await ann.childPid(), "SIGTERM");
    const rows = await ann.last("ended");
    assert(rows.includes("after 0"), rows.join("\n"));
    assert(rows.some((row) => row.startsWith("* you are ann")));
    assert(await isAsBefore(home, "ann"));
  },
);

test(
  "the first start is three questions, and the next none",
  async (server, home) => {
    const env = { CONFAB_DATA: home.file("new"), NO_COLOR: "1", USER: "ann" };
    {
      await using pane = await Pane.open("join", env);
      await pane.last("Which server? (HOST or HOST:PORT) [127.0.0.1:5000]");
      await pane.type(server.address);
      await pane.press("Enter");
      await pane.until(
        (rows) => rows.at(-1)?.endsWith("or paste it)?") ?? false,
        "the question about the fingerprint",
      );
      await pane.type("y");
      await pane.press("Enter");
      await pane.last("Your name there? [ann]");
      await pane.press("Enter");
      await pane.last("lobby ›");
    }
    await using pane = await Pane.open("join", env);
    const rows = await pane.last("lobby ›");
    assert(rows[0]!.startsWith("* you are ann"), rows.join("\n"));
  },
);

test(
  "who follows a link is asked nothing, and who has it at hand can give it when it is asked for",
  async (_, home) => {
    for (const how of ["followed", "given"] as const) {
      await using server = await Server.start("--private", "--admin-link");
      const told = await server.logged(/administrator/);
      const [, link] = /confab join '([^']+)'/.exec(told) ?? [];
      const env = { CONFAB_DATA: home.file(how), NO_COLOR: "1", USER: "ann" };
      const where = how === "followed"
        ? `'${link}'`
        : `${server.address} --trust-new`;
      await using pane = await Pane.open(`join ${where}`, env);
      if (how === "given") {
        await pane.last("link, or password:");
        await pane.type(link!.slice(0, -1));
        await pane.press("Enter");
        await pane.until(
          (rows) =>
            rows.at(-1) === "link, or password:" &&
            rows.join("").includes("this is no link of confab"),
          "the question again",
        );
        await pane.type(link!);
        await pane.press("Enter");
      }
      const rows = await pane.until(
        (rows) => rows.includes("* in lobby: ann (admin)"),
        "the room",
      );
      assert(!rows.join("").includes("t="), rows.join("\n"));
    }
  },
);

test(
  "a paste of many lines is looked at before it is sent",
  async (server, home) => {
    await using ann = await person(server, home, "ann");
    await ann.last("lobby ›");
    const lines = Array.from({ length: 30 }, (_, n) => `line ${n + 1}`);
    await ann.paste(lines.join("\n"));
    await ann.last("line 30");
    await ann.press("Enter");
    await ann.until(
      (rows) =>
        rows.includes(
          "30 lines in 1 message: Enter again sends, Ctrl+C clears",
        ),
      "the question",
    );
    await ann.press("Enter");
    const rows = await ann.until(
      (rows) => rows.at(-2)?.trim() === "line 30" && rows.at(-1) === "lobby ›",
      "the message and the empty prompt",
    );
    assertEquals(
      rows.slice(-31, -1).map((row) => untimed(row).trim()),
      ["ann: line 1", ...lines.slice(1)],
    );
  },
);

test(
  "a server that stops and returns is come back to, and what was said meanwhile is sent",
  async (_, home) => {
    const data = ["--data", home.file("server")];
    await using server = await Server.start(...data);
    await using ann = await person(server, home, "ann");
    await ann.last("lobby ›");
    server.kill("SIGTERM");
    await server.status;
    await ann.last("lobby (offline) ›");
    await ann.type("said offline");
    await ann.press("Enter");
    await ann.until(
      (rows) => rows.includes("sending: said offline"),
      "waiting",
    );
    const port = String(server.port);
    await using _again = await Server.start(...data, "--port", port);
    const rows = await ann.until(
      (rows) => rows.map(untimed).includes("ann: said offline"),
      "what was said",
    );
    assert(rows.map(untimed).includes("* back"), rows.join("\n"));
    await ann.last("lobby ›");
  },
);

test(
  "a server with another key is not talked to, and what was not sent is named",
  async (server, home) => {
    await using ann = await person(server, home, "ann");
    await ann.last("lobby ›");
    server.kill("SIGTERM");
    await server.status;
    await ann.last("lobby (offline) ›");
    await ann.type("said offline");
    await ann.press("Enter");
    await using _other = await Server.start("--port", String(server.port));
    const rows = await ann.last("ended");
    assert(rows.includes("after 1"), rows.join("\n"));
    assert(rows.join("").includes("has changed"), rows.join("\n"));
    assert(rows.join("").includes("said offline"), rows.join("\n"));
  },
);

test(
  "a screen without cursor motion gets plain lines",
  async (server, home) => {
    const env = { CONFAB_DATA: home.file("dumb"), TERM: "dumb" };
    const args = `join ${server.address} --trust-new --name dumb`;
    await using pane = await Pane.open(args, env);
    await pane.until((rows) => rows.includes("* in lobby: dumb"), "the start");
    await using ann = await person(server, home, "ann");
    await ann.last("lobby ›");
    await ann.type("hello");
    await ann.press("Enter");
    await pane.until(
      (rows) => rows.map(untimed).includes("ann: hello"),
      "what ann said",
    );
    await pane.type("me too");
    await pane.press("Enter");
    await ann.until(
      (rows) => rows.map(untimed).includes("dumb: me too"),
      "what was said here",
    );
    await pane.press("C-d");
    const rows = await pane.last("ended");
    assert(rows.includes("after 0"));
  },
);

test(
  "a room that somebody is in is completed without having been listed, and gone back to by name",
  async (server, home) => {
    await using ann = await person(server, home, "ann");
    await ann.last("lobby ›");
    await ann.type("/join observatory");
    await ann.press("Enter");
    await ann.last("observatory ›");
    await using bob = await person(server, home, "bob");
    await bob.last("lobby ›");
    // What Tab offers comes a moment after the prompt.
    const completed = async () => {
      do await bob.press("Tab"); while (
        (await bob.rows()).at(-1) !== "lobby › /join +observatory"
      );
    };
    await bob.type("/join +obs");
    await within(completed(), () => "the name of the room");
    await bob.press("Enter");
    await bob.last("observatory ›");
    await bob.press("M-g");
    await bob.type("lo");
    await bob.press("Tab", "Enter");
    await bob.last("lobby ›");
    await bob.type("half a sentence");
    await bob.press("M-/");
    await bob.last("observatory ›");
    await bob.press("C-l");
    await bob.press("C-^");
    await bob.last("lobby › half a sentence");
    const rows = await bob.rows();
    assertEquals(rows.filter((row) => row.startsWith("* lobby (")), []);
  },
);
