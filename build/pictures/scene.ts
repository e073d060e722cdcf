/** The running program of the pictures, and who talks there. */
import { delay, SYSTEM_CLOCK } from "../../src/base/clock.ts";
import { TextLineStream } from "@std/streams/text-line-stream";
import type { Page } from "playwright-core";
import { Inbox } from "../../tests/e2e/_inbox.ts";
import { command, enter, say as sayAs } from "../../tests/e2e/_people.ts";
import { generateKey } from "../../tests/e2e/_keys.ts";
import {
  asProgram,
  Home,
  readyLine,
  type Served,
} from "../../tests/e2e/_program.ts";
import type { WireClient } from "../../tests/e2e/_wire_client.ts";
import { say } from "../walk.ts";
import {
  CROWD,
  HOUR_MINUTES,
  loadAt,
  OTHER_ROOM,
  OTHERS,
  type Remark,
  ROOM,
  TALK,
  TOPIC,
  VIEWER,
} from "./talk.ts";

/** In so much time the server has looked at its counters, and for signs of life. */
const LOOK_MS = 1_200;

export class Scene implements AsyncDisposable {
  readonly #home = new Home();
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines = new Inbox<string>((line) => line);
  readonly #people = new Map<string, WireClient>();
  #reading = Promise.resolve();
  #server: Served | undefined;
  /** Where the page is, with what makes an administrator of who opens it. */
  url = "";

  private constructor() {
    const options = asProgram("build/pictures/server.ts", this.#home.path);
    const flags = ["--port", "0", "--data", this.#home.file("data")];
    this.#child = new Deno.Command(Deno.execPath(), {
      ...options,
      args: [...options.args ?? [], ...flags, "--admin-link"],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
  }

  /** Starts the server, and lets everybody but the viewer in. */
  static async open(): Promise<Scene> {
    const scene = new Scene();
    scene.#reading = Promise.all([
      scene.#read(scene.#child.stdout),
      scene.#read(scene.#child.stderr),
    ]).then(() => scene.#lines.end("the server has ended"));
    const { port, fingerprint, ...more } = readyLine(
      await scene.#line(/ listening on /),
    );
    const link = await scene.#line(/^become an administrator/);
    const [secret] = /\?[^']*/.exec(link)!;
    scene.url = `http://127.0.0.1:${port}/#/${ROOM}${secret}`;
    const server = { port, fingerprint, address: "", ...more };
    scene.#server = server;
    for (const name of OTHERS) {
      const person = await enter(server, { name, room: ROOM });
      scene.#people.set(name, person);
      await command(person, "command", "join", `+${OTHER_ROOM}`);
    }
    const [lead] = OTHERS;
    await command(scene.#people.get(lead!)!, "command", "join", ROOM);
    await command(scene.#people.get(lead!)!, "command", "topic", TOPIC);
    return scene;
  }

  /** Everybody says what is theirs to say; the viewer in the page. */
  async play(page: Page): Promise<void> {
    for (const remark of TALK) {
      await this.#passes(remark.after);
      if (remark.who === VIEWER) await say(page, remark.text);
      else await this.#hear(remark);
      if (remark.to === undefined) {
        await page.getByRole("log").getByText(beginning(remark)).waitFor();
      }
    }
    await this.#passes(1);
  }

  /** An hour goes by, in a minute: people come, talk more and less, and some go. */
  async spendAnHour(): Promise<void> {
    const server = this.#server!;
    const keys = CROWD.map(() => generateKey());
    const crowd: WireClient[] = [];
    for (let minute = 0; minute < HOUR_MINUTES; minute++) {
      const { people, remarks } = loadAt(minute);
      while (crowd.length < people) {
        const name = CROWD[crowd.length]!;
        const key = keys[crowd.length]!;
        crowd.push(await enter(server, { name, key, room: "workshop" }));
      }
      while (crowd.length > people) await crowd.pop()![Symbol.asyncDispose]();
      for (let count = 0; count < remarks; count++) {
        const person = crowd[count % crowd.length]!;
        await sayAs(person, `Part ${count} is done`, { room: "workshop" });
      }
      await this.#passes(1);
    }
    for (const person of crowd) {
      this.#people.set(`crowd ${this.#people.size}`, person);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const person of this.#people.values()) {
      await person[Symbol.asyncDispose]();
    }
    this.#child.kill("SIGTERM");
    await this.#reading;
    await this.#input.close().catch(() => {}); // its reader is gone
    await this.#child.status;
    await this.#home[Symbol.asyncDispose]();
  }

  async #hear({ who, text, to }: Remark): Promise<void> {
    const place = to === VIEWER ? { to } : { room: to ?? ROOM };
    await sayAs(this.#people.get(who)!, text, place);
  }

  /** The server's clock moves on: by more than a minute at once everybody would be gone. */
  async #passes(minutes: number): Promise<void> {
    for (; minutes > 0; minutes--) {
      await delay(SYSTEM_CLOCK, LOOK_MS);
      await this.#input.write(new TextEncoder().encode("1\n"));
      await this.#line(/^moved$/);
    }
  }

  #line(pattern: RegExp): Promise<string> {
    return this.#lines.next((line) => pattern.test(line), String(pattern));
  }

  async #read(bytes: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    const lines = bytes.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    for await (const line of lines) this.#lines.push(line);
  }
}

/** What a remark begins with, before anything that is shown otherwise than it was written. */
function beginning({ text }: Remark): string {
  return text.split(/[`*@:🙈]/u)[0]!.trim();
}
