import { assert, assertEquals } from "@std/assert";
import { Home, joinArgs, Process, run, Server } from "../e2e/_program.ts";
import { fingerprintWords } from "../e2e/_keys.ts";
import { unless } from "../_testing.ts";
import { hasTmux, Pane } from "./_tmux.ts";

const missing = await hasTmux() ? undefined : "there is no tmux here";
const SIZE = { columns: 100, rows: 40 };
const IS_IT = "Is it the one you were told (y, n, or paste it)?";

function test(name: string, fn: (home: Home) => Promise<void>): void {
  Deno.test({
    ...unless(missing, `join asks: ${name}`),
    fn: async () => {
      await using home = new Home();
      await fn(home);
    },
  });
}

/** One who was never here, called `ann` on this machine. */
function open(home: Home, name: string, args = "", term?: string) {
  const env = { CONFAB_DATA: home.file(name), NO_COLOR: "1", USER: "ann" };
  const more = term === undefined ? {} : { TERM: term };
  return Pane.open(`join ${args}`, { ...env, ...more }, SIZE);
}

async function answer(pane: Pane, question: string, text: string) {
  await pane.last(question);
  await pane.type(text);
  await pane.press("Enter");
}

/** Somebody who is here, and hears everything. */
async function listener(home: Home, { address }: Server, name: string) {
  const flags = ["--name", name, "--trust-new", "--json", "--listen"];
  const args = joinArgs(home, address, name, ...flags);
  const process = new Process(args, home.file("other"));
  await process.lines.next((line) => line.includes('"here"'), name);
  return process;
}

/** What the pane shows when the program has ended, its modes being those of before. */
async function ended(pane: Pane, home: Home, name: string): Promise<string[]> {
  const rows = await pane.last("ended");
  const [before, after] = await Promise.all([
    Deno.readTextFile(home.file(`${name}.before`)),
    Deno.readTextFile(home.file(`${name}.after`)),
  ]);
  assertEquals(after, before);
  return rows;
}

test("the server is there before a name is asked for, which is asked until it is taken", async (home) => {
  await using server = await Server.start();
  await using other = await listener(home, server, "ann");
  await using pane = await open(home, "new");
  // Nobody listens there.
  const nobody = "127.0.0.1:1";
  const which = "Which server? (HOST or HOST:PORT) [127.0.0.1:5000]";
  await answer(pane, which, nobody);
  await pane.until(
    (rows) =>
      rows.at(-1) === which && rows.includes(
        `connection refused: is a server running at ${nobody}?`,
      ),
    "that nobody is there",
  );
  await answer(pane, which, server.address);
  await answer(pane, IS_IT, "y");
  await answer(pane, "Your name there? [ann]", "");
  await answer(pane, "Your name there? [ann2]", "Mary Ann");
  await answer(pane, "Your name there? [Mary_Ann]", "admin");
  await answer(pane, "Your name there? [admin2]", "bea");
  const rows = await pane.until(
    (rows) => rows.includes("* in lobby: ann, bea"),
    "the room",
  );
  assert(rows.includes("server: the name ann is taken: choose another"));
  // Each question is drawn once, as it was answered.
  assertEquals(rows.filter((row) => row.startsWith("Which server?")), [
    `${which} ${nobody}`,
    `${which} ${server.address}`,
  ]);
  // Nobody was seen to come but bea, and nobody went.
  await other.lines.next((line) => line.includes('"bea"'), "bea");
  assertEquals(
    other.lines.all.map((line) => JSON.parse(line))
      .filter(({ type }) => type !== "users")
      .map(({ type, name }) => [type, name]),
    [["welcome", "ann"], ["here", undefined], ["joined", "bea"]],
  );
});

test("a refused --name is asked for again, too", async (home) => {
  await using server = await Server.start();
  await using pane = await open(
    home,
    "new",
    `${server.address} --trust-new --name Server`,
  );
  await answer(pane, "Your name there? [Server2]", "Mary Ann");
  await answer(pane, "Your name there? [Mary_Ann]", "");
  await pane.until((rows) => rows.includes("* in lobby: Mary_Ann"), "the room");
});

test("the right words are the answer yes, typed or pasted, others are none", async (home) => {
  await using server = await Server.start();
  const words = fingerprintWords(server.fingerprint);
  const rights = [
    words,
    ` ${words.toUpperCase().replaceAll("-", " ")} `,
    `${server.fingerprint}=`,
  ];
  for (const [at, right] of rights.entries()) {
    await using pane = await open(home, `right${at}`, server.address);
    await pane.last(IS_IT);
    await pane.paste(right);
    await pane.press("Enter");
    await pane.last("Your name there? [ann]");
  }
  const others = words.split("-").with(0, "zoo").join("-");
  {
    await using pane = await open(home, "wrong", server.address);
    await answer(pane, IS_IT, "zzoo others");
    await pane.until(
      (rows) => rows.at(-1) === IS_IT && rows.join("").includes("word list"),
      "the question again",
    );
    await pane.type(others);
    await pane.press("Enter");
    const rows = await ended(pane, home, "wrong");
    assert(rows.includes("after 1"), rows.join("\n"));
    assert(rows.join("").includes("not the server that you were told of"));
  }
  for (const no of ["", "n", "No"]) {
    await using pane = await open(home, `no${no}`, server.address);
    await answer(pane, IS_IT, no);
    const rows = await ended(pane, home, `no${no}`);
    assert(rows.includes("after 1"), rows.join("\n"));
  }
  for (const name of ["wrong", "no", "nNo"]) {
    const known = Deno.readTextFile(`${home.file(name)}/known_servers`);
    assertEquals(await known.catch(() => ""), "");
  }
});

test("nothing of a password is ever seen, typed before it is asked for, or while one waits", async (home) => {
  await using server = await Server.startWith({ CONFAB_PASSWORD: "sesame" });
  await using pane = await open(
    home,
    "new",
    `${server.address} --trust-new --name ann`,
  );
  await answer(pane, "password:", "wrong-one");
  // The next answer comes after a second: all of this, which comes at once, is typed while nobody
  // reads. The last is once more than it is asked for: nobody may hear it.
  await pane.press(
    ...["wrong-two", "sesame", "sesame"].flatMap((line) => [line, "Enter"]),
  );
  await pane.last("lobby ›");
  await pane.until(
    (rows) => rows.includes("* in lobby: ann"),
    "who is in the room",
  );
  await pane.type("said later");
  await pane.press("Enter");
  const rows = await pane.until(
    (rows) => rows.some((row) => row.endsWith("ann: said later")),
    "what was said later",
  );
  for (const secret of ["wrong-one", "wrong-two", "sesame"]) {
    assert(!rows.join("\n").includes(secret), rows.join("\n"));
  }
  assertEquals(rows.filter((row) => row === "password:").length, 3);
});

test("Ctrl+C ends the wait and each question, and the terminal is as it was", async (home) => {
  await using server = await Server.startWith({ CONFAB_PASSWORD: "sesame" });
  {
    await using pane = await open(home, "question", server.address);
    await pane.last(IS_IT);
    await pane.type("half an answer");
    await pane.press("C-c");
    const rows = await ended(pane, home, "question");
    assert(rows.includes("after 130"), rows.join("\n"));
  }
  for (const [signal, status] of [["SIGTERM", 143], ["SIGHUP", 129]] as const) {
    await using pane = await open(home, signal, server.address);
    await pane.last(IS_IT);
    Deno.kill(await pane.childPid(), signal);
    const rows = await ended(pane, home, signal);
    assert(rows.includes(`after ${status}`), rows.join("\n"));
  }
  await using pane = await open(
    home,
    "wait",
    `${server.address} --trust-new --name ann`,
  );
  await answer(pane, "password:", "wrong");
  await pane.until(
    (rows) => rows.filter((row) => row === "password:").length === 2,
    "the question again",
  );
  await pane.type("wrong too");
  await pane.press("Enter");
  await pane.press("C-c");
  const rows = await ended(pane, home, "wait");
  assert(rows.includes("after 130"), rows.join("\n"));
});

test("Ctrl+D at a question is the end, said in one line", async (home) => {
  await using server = await Server.start();
  const ends: [string, string, string][] = [
    ["server", "", "Which server? (HOST or HOST:PORT) [127.0.0.1:5000]"],
    ["key", server.address, IS_IT],
    ["name", server.address, "Your name there? [ann]"],
  ];
  for (const term of [undefined, "dumb"]) {
    for (const [name, args, question] of ends) {
      const home2 = `${name}-${term}`;
      await using pane = await open(home, home2, args, term);
      if (name === "name") await answer(pane, IS_IT, "y");
      await pane.last(question);
      await pane.press("C-d");
      const rows = await ended(pane, home, home2);
      const said = rows.filter((row) => row.startsWith("confab: not joined: "));
      assertEquals(said.length, 1, rows.join("\n"));
      assert(rows.includes("after 1"), rows.join("\n"));
    }
  }
});

test("what is typed ahead answers, also on a screen without cursor motion", async (home) => {
  await using server = await Server.start();
  for (const term of [undefined, "dumb"]) {
    const name = `ahead-${term}`;
    await using pane = await open(home, name, "", term);
    const lines = [server.address, "y", `ann${term ?? ""}`, "hello all"];
    for (const line of lines) {
      await pane.type(line);
      await pane.press("Enter");
    }
    await pane.until(
      (rows) => rows.some((row) => row.endsWith(`${lines[2]}: hello all`)),
      "what was said",
    );
  }
});

test("who starts the server first, and then joins, is an administrator at once", async (home) => {
  const data = home.file("own");
  await using server = await Server.startWith({ CONFAB_DATA: data });
  await using _bob = await listener(home, server, "bob");
  await using pane = await open(home, "own", server.address);
  await answer(pane, IS_IT, "y");
  await answer(pane, "Your name there? [ann]", "");
  await pane.type("/server bans");
  await pane.press("Enter");
  const rows = await pane.until(
    (rows) =>
      rows.some((row) => /nobody is banned|only an administrator/i.test(row)),
    "the answer",
  );
  assert(!rows.join("\n").includes("only an admin"), rows.join("\n"));
  const asked = await run(
    joinArgs(home, server.address, "bob", "--commands"),
    home,
    ["/server bans"],
  );
  assertEquals(asked.code, 1);
});
