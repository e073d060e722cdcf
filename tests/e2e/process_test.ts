// The program as a process: its lock, its port, its flags and its exit codes.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { enter } from "./_people.ts";
import { Home, run, Server } from "./_program.ts";
import { scenario } from "./_scenario.ts";

/** The lines of a process's last words, and no stack among them. */
function words(stderr: string): string[] {
  assert(!/^\s+at /m.test(stderr), stderr);
  return stderr.split("\n").filter((line) => line.trim() !== "");
}

scenario(
  "a second server on the same data exits with 1 and names the process that has it",
  async () => {
    await using server = await Server.start();
    await using home = new Home();
    const args = ["serve", "--port", "0", "--data", server.data];
    const second = await run(args, home);
    assertEquals(second.code, 1);
    assertEquals(second.stdout, "");
    const naming = words(second.stderr)
      .filter((line) => new RegExp(`\\b${server.pid}\\b`).test(line));
    assertEquals(naming.length, 1, second.stderr);
  },
);

scenario("the data of a server that was killed is free", async () => {
  await using server = await Server.start();
  const { fingerprint } = server;
  server.kill("SIGKILL");
  await server.restart();
  assertEquals(server.fingerprint, fingerprint);
});

scenario(
  "a port that is in use is told in one line, with exit code 1",
  async () => {
    await using server = await Server.start();
    await using home = new Home();
    const args = ["serve", "--port", `${server.port}`];
    const second = await run([...args, "--data", home.file("data")], home);
    assertEquals(second.code, 1);
    assertEquals(second.stdout, "");
    const lines = words(second.stderr);
    assertEquals(lines.length, 1, second.stderr);
    assertMatch(lines[0] as string, new RegExp(`\\b${server.port}\\b`));
  },
);

scenario("wrong usage exits with 2 and says what is wrong", async () => {
  await using home = new Home();
  const data = ["--data", home.file("data")];
  const wrong = [
    ["serve", ...data, "--no-such-flag"],
    ["serve", ...data, "--port", "banana"],
    ["serve", ...data, "--port", "65536"],
    ["join", "--no-such-flag"],
    ["no-such-command"],
  ];
  for (const args of wrong) {
    const { code, stdout, stderr } = await run(args, home);
    assertEquals(code, 2, `${args.join(" ")}: ${stderr}`);
    assertEquals(stdout, "");
    assert(words(stderr).length > 0);
  }
});

scenario(
  "help and version go to standard output with exit code 0",
  async () => {
    await using server = await Server.start();
    await using home = new Home();
    const version = await run(["--version"], home);
    assertEquals(version.code, 0);
    assert(version.stdout.includes(server.version), version.stdout);
    for (const args of [["--help"], ["help", "serve"]]) {
      const help = await run(args, home);
      assertEquals(help.code, 0);
      assert(help.stdout.includes("serve"), help.stdout);
    }
  },
);

scenario(
  "the ready line is all that a server writes to standard output, and names where it listens",
  async () => {
    await using server = await Server.start();
    assertEquals(server.host, "127.0.0.1");
    assert(server.port > 0);
    assertMatch(server.version, /^\d+\.\d+\.\d+/);
    {
      await using ann = await enter(server, { name: "ann" });
      server.kill("SIGTERM");
      await ann.finished("SIGTERM");
    }
    assertEquals((await server.status).code, 0);
    assertEquals(server.stdout.trim().split("\n").length, 1, server.stdout);
  },
);

scenario(
  "a server that says that it is ready stops with exit code 0 however soon it is told to",
  async () => {
    const codes: number[] = [];
    for (let i = 0; i < 10; i++) {
      await using server = await Server.start();
      server.kill("SIGTERM");
      codes.push((await server.status).code);
    }
    assertEquals(codes, codes.map(() => 0));
  },
);

scenario(
  "a proxy that is no address is told in one line, with exit code 2",
  async () => {
    await using home = new Home();
    const data = ["--port", "0", "--data", home.file("data")];
    const trust = ["--trust-proxy", "10.0.0.0/8", "--trust-proxy", "nginx"];
    const { code, stdout, stderr } = await run(
      ["serve", ...data, ...trust],
      home,
    );
    assertEquals([code, stdout], [2, ""]);
    const [line, ...others] = words(stderr);
    assertEquals(others, []);
    assertMatch(line!, /--trust-proxy nginx: give an IP address, or a network/);
  },
);
