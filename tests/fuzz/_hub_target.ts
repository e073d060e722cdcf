/**
 * Target: whatever anybody says, as a text, as a command, as any message, to a hub in which people
 * of every rank are. An input is a script: a line is who, and what is said.
 */
import { ProtocolError, WIRE_ERROR_CODES } from "../../src/base/errors.ts";
import type { Effect, Turn } from "../../src/chat/effects.ts";
import { Hub } from "../../src/chat/hub.ts";
import { connectionId, type Input } from "../../src/chat/input.ts";
import type { Dice } from "../chat/random_people.ts";
import { type ClientMessage, readClientObject } from "../../src/wire/client.ts";
import { isObject } from "../../src/wire/schema.ts";
import {
  encodeMessage,
  readServerMessage,
  type ServerMessage,
} from "../../src/wire/server.ts";
import { utf8 } from "../_chunks.ts";
import { FakeClock } from "../_fake_clock.ts";
import { MemoryStore } from "../_memory_store.ts";
import { keyOf } from "../chat/_visitor.ts";
import {
  broken,
  ensure,
  ensureHarmless,
  ensureSame,
  textOf,
} from "./_checks.ts";
import type { Target } from "./_fuzz.ts";

/** An admin, a creator, an operator, a member, a banned one, a guest; two say nothing at first. */
const PEOPLE = [
  "root",
  "ann",
  "bob",
  "eve",
  "mallory",
  undefined,
  "late",
  undefined,
];
const HELLOS = 6;
/** What has happened when a script begins. */
const BEFORE = [
  ...["1/join tea", "2/join tea", "3/join tea", "5/join tea", "4/join tea"],
  ...[
    "1/op bob",
    "1/ban mallory",
    "1/topic black",
    "2/mute eve",
    "3/msg ann hi",
  ],
];
/** Lines of a script. */
const LINES = 24;
const CODES: ReadonlySet<string> = new Set(WIRE_ERROR_CODES);

class Play {
  readonly #clock = new FakeClock();
  readonly #store = new MemoryStore();
  readonly #hub = new Hub({
    server: "s",
    version: "1",
    directory: this.#store,
    admins: [keyOf("root")],
  });
  readonly #dice: Dice;
  readonly #ended = new Set<string>();
  #requests = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  async begin(): Promise<void> {
    for (const [number, name] of PEOPLE.entries()) {
      const ip = `10.0.0.${number}`;
      const key = name === undefined ? {} : { key: keyOf(name) };
      const peer = { address: ip, ip, isLocal: false, ...key };
      const connection = connectionId("1", number);
      await this.#turn({ kind: "open", connection, peer, at: this.#now });
      await this.#turn({
        kind: "recalled",
        connection,
        entries: [],
        at: this.#now,
      });
      if (number >= HELLOS) continue;
      await this.#say(number, { type: "hello", ...name && { name } });
    }
    for (const line of BEFORE) await this.line(line);
  }

  /** One line of a script. */
  async line(line: string): Promise<void> {
    const who = (line.codePointAt(0) ?? 0) % PEOPLE.length;
    const said = line.slice(1);
    if (this.#ended.has(connectionId("1", who))) return;
    if (said.startsWith("~")) {
      this.#clock.advance(said.length * 700);
      return await this.#turn({ kind: "tick", at: this.#now });
    }
    if (said.startsWith("^")) {
      const keys = [keyOf(said.slice(1))];
      return await this.#turn({ kind: "admins", at: this.#now, keys });
    }
    const id = `id ${++this.#requests}`;
    if (said.startsWith("!")) {
      const connection = connectionId("1", who);
      const message = { type: "ack", id } as const;
      return await this.#turn({
        ...{ kind: "answer", connection, message },
        at: this.#now,
      });
    }
    const message = messageOf(said, id);
    if (message !== undefined) await this.#say(who, message);
  }

  async #say(who: number, given: Record<string, unknown>): Promise<void> {
    const connection = connectionId("1", who);
    const at = this.#now;
    let message: ClientMessage;
    try {
      message = readClientObject(given);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      const { code, message: text, id } = error;
      const refusal = { code, message: text, id };
      return await this.#turn({ kind: "refuse", connection, at, refusal });
    }
    await this.#turn({ kind: "message", connection, at, message });
  }

  get #now() {
    return { wall: this.#clock.wall(), monotonic: this.#clock.monotonic() };
  }

  async #turn(input: Input): Promise<void> {
    const hub = this.#hub;
    hub.handle(input);
    let turn = hub.takeTurn();
    if (this.#dice.chance(0.3)) {
      hub.handle({ kind: "failed", conflict: { heads: [], records: [] } });
      hub.handle(input);
      const again = hub.takeTurn();
      ensureSame(comparable(again), comparable(turn), "taken back, and again");
      turn = again;
    }
    await this.#store.commit(turn.commit);
    hub.handle({ kind: "committed" });
    this.#judge(input, turn.effects);
  }

  #judge(input: Input, effects: readonly Effect[]): void {
    for (const effect of effects) {
      messagesOf(effect).forEach(ensureFit);
      if (effect.kind === "append") ensureHarmless(effect.entry.body);
      if (effect.kind === "end") this.#ended.add(effect.connection);
    }
    if (input.kind !== "message") return;
    const { id } = input.message as { id?: string };
    const answers = effects.filter((effect) => answeredBy(effect) === id);
    const isOver = this.#ended.has(input.connection);
    const wanted = id === undefined || isOver ? answers.length : 1;
    ensureSame(answers.length, wanted, `answers to ${input.message.type}`);
  }
}

/** What a line says: JSON of any message, a command after `>`, else a text. */
function messageOf(
  said: string,
  id: string,
): Record<string, unknown> | undefined {
  if (said.startsWith("{")) {
    try {
      const value: unknown = JSON.parse(said);
      return isObject(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }
  if (!said.startsWith(">")) return { type: "chat", txt: said, id };
  const [name = "", ...args] = said.slice(1).split(" ");
  return { type: "command", name, args: args.join(" "), id };
}

/** A turn without the order of lists, which taking back does not bring back. */
function comparable(turn: Turn): unknown {
  return JSON.parse(JSON.stringify(turn, (key, value) => {
    return key === "to" && Array.isArray(value) ? value.toSorted() : value;
  }));
}

function messagesOf(effect: Effect): readonly ServerMessage[] {
  if (effect.kind === "enter") return effect.first;
  if (effect.kind === "end") return [effect.bye];
  return "message" in effect ? [effect.message] : [];
}

function answeredBy(effect: Effect): string | undefined {
  if (effect.kind === "append") return effect.ack.id ?? "none";
  if (effect.kind === "page") return effect.page.id ?? "none";
  if (effect.kind === "search") return effect.search.id ?? "none";
  if (effect.kind !== "answer") return "none";
  const { message } = effect;
  return "id" in message ? message.id : "none";
}

/** A message is read by a client as it was meant, and fits a frame. */
function ensureFit(message: ServerMessage): void {
  const read = readServerMessage(encodeMessage(message).subarray(4)) ??
    broken(`a client cannot read ${message.type}`);
  for (const [field, value] of Object.entries(read)) {
    ensureSame(value, message[field as never], `${message.type}.${field}`);
  }
  if (message.type === "error") {
    ensure(CODES.has(message.code), `the code ${message.code}`);
  }
}

const SCRIPTS = [
  [
    ...["1/kick eve", "2/kick bob too loud", "3/join +tea", "0/ban mallory"],
    ...["4/msg ann let me in", "1/unban mallory", "4/join tea", "1/mutes eve"],
    ...["1/invite mallory", "1/lock", "5/join tea", "1/unlock", "2/deop bob"],
  ],
  [
    ...["5hello", "5/name zoe", "3/name ann", "1/name anna", "3/name ann"],
    ...[
      "6/help",
      '6{"type":"hello","name":"late","room":"züri"}',
      "6/whois ann",
    ],
    ...[
      '6{"type":"read","room":"tea","seq":1}',
      '1{"type":"typing","to":"bob"}',
    ],
    ...[
      "7>password x",
      '7{"type":"hello","resume":{"tea":{"seq":1},"@ann":0}}',
    ],
  ],
  [
    ...[
      "1/history 5",
      "1/search black tea",
      "1/list",
      "1/users",
      "1/away",
      "1/away x",
    ],
    ...[
      '1{"type":"history","room":"@eve","before":9}',
      "1~~~~~~",
      "1/me waves",
    ],
    ...["3/leave tea", "3/part", "2/leave", "1/close", "0/server bans", "0//x"],
    ...["0/server say tea", "0/server close 1/3 why", "0/server stop why"],
    ...["0/server kick @bob why", "0/server ban 10.0.0.3 7d x", "0/block eve"],
    ...["0/delete 1", "0/server invite tea 7d 3", "0/unblock eve"],
  ],
  [
    ...["1/ops", "1/bans", "2/mutes", "5/ops", "3/bans", "0/bans", "1/list"],
    ...["3/search in:all black tea", "3/find in:all before:tea:1 hi"],
    ...["3/search in:@ann hi", "5/search in:all x", "3/join #tea", "1!"],
    ...[
      "3/away lunch",
      "1/msg eve hi",
      "3/close",
      "1/whois eve",
      "5/whois eve",
    ],
    ...["0^bob", "2/server bans", "7!", "3!", "1/block bob", "2/whois ann"],
    '7{"type":"hello","resume":{"a b":{"seq":1},"n":0}}',
  ],
];

const commands: Target = {
  name: "commands",
  inputs: 60,
  seeds: SCRIPTS.map((lines) => utf8(lines.join("\n"))),
  words: [
    ...["/join ", "/msg ", "/kick ", "/ban ", "/op ", "/name ", "/topic ", ">"],
    ...["/server ", "/search ", "/whois ", "/history ", "/invite ", "/help "],
    ...[
      "ann",
      "@ann",
      "mallory",
      "tea",
      "lobby",
      "+",
      "SHA256:",
      "\n0/",
      "\n1/",
    ],
    ...["in:all ", "in:@", "before:tea:1 ", "#tea", "/bans", "\n0^eve", "\n1!"],
    ...["10.0.0.0/8", "::/0", "7d", "999999999d", "guest-1", "\n4/", "\n5~"],
  ].map(utf8),
  async check(input, dice) {
    const play = new Play(dice);
    await play.begin();
    for (const line of textOf(input).split("\n").slice(0, LINES)) {
      await play.line(line);
    }
  },
};

export const HUB_TARGETS: readonly Target[] = [commands];
