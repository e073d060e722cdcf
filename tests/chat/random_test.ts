/**
 * A thousand people do a hundred thousand things at random. What the hub must never do is told from its effects and from the contract
 * alone. `CONFAB_SEED` runs another run, or one that failed again.
 */
import { assertEquals } from "@std/assert";
import { Hub } from "../../src/chat/hub.ts";
import { describeError } from "../../src/base/errors.ts";
import type { DirectoryRecord } from "../../src/store/store.ts";
import { MemoryStore } from "../_memory_store.ts";
import { FakeClock } from "../_fake_clock.ts";
import { testsOf } from "../_testing.ts";
import { Checker } from "./random_check.ts";
import { Inputs } from "./random_inputs.ts";
import { checkAll, checkPeople } from "./random_lists.ts";
import { Model } from "./random_model.ts";
import { violated } from "./random_names.ts";
import { ADMINS, Dice } from "./random_people.ts";
import type { Input } from "./random_turns.ts";

const test = testsOf("random");

const SEED = Number(Deno.env.get("CONFAB_SEED") ?? 20_251_120);
const INPUTS = 100_000;
/** Turns between two looks at everything. */
const CHECK_ALL_TURNS = 100;
/** Turns between two deaths of the server. */
const RESTART_TURNS = 1_201;
const DAY_MS = 24 * 3_600_000;
/** Inputs that are shown when the run breaks. */
const SHOWN = 25;

/** A run in which these do not happen proves nothing of them. */
const MUST_HAPPEN = [
  ...["kept", "lost"].map((outcome) => `turn ${outcome}`),
  ...["append", "exit", "page", "search", "end"],
  ...["joined", "left", "presence", "topic", "notice"].map((type) =>
    `announce ${type}`
  ),
  ...["private", "typing", "read", "renamed"].map((type) => `tell ${type}`),
  ...["enter room", "enter conversation"],
  ...["welcome", "ack", "users", "rooms", "whois", "help"].map((type) =>
    `answer ${type}`
  ),
  ...["kick", "ban", "unban", "mute", "unmute", "op", "deop"].flatMap((
    name,
  ) => [
    `${name} ack`,
    `${name} not-allowed`,
  ]),
  ...["lock", "unlock", "invite", "topic"].flatMap((name) => [
    `${name} ack`,
    `${name} not-allowed`,
  ]),
  ...["banned", "muted", "room-locked", "name-taken", "id-reused"].map((code) =>
    `error ${code}`
  ),
];

class Run {
  readonly #dice = new Dice(SEED);
  readonly #clock = new FakeClock();
  readonly #store = new MemoryStore();
  readonly #model = new Model(this.#clock, ADMINS);
  readonly checker = new Checker(this.#model);
  readonly #inputs = new Inputs(this.#dice, this.checker);
  #hub = this.#newHub([], new Map());
  /** All inputs so far, and where the present turn's effects of each begin. */
  readonly #done: Input[] = [];
  #turn: { input: Input; from: number }[] = [];
  #turns = 0;
  /** The input that was checked last. */
  #at = 0;

  async toTheEnd(): Promise<void> {
    try {
      while (this.#done.length < INPUTS) {
        const size = 1 + this.#dice.below(40);
        while (this.#turn.length < size) await this.#put();
        await this.#endTurn();
        if (this.#turns % RESTART_TURNS === 0) await this.#restart();
        this.#goOn();
      }
      this.#checkAll();
    } catch (error) {
      throw new Error(this.#report(error), { cause: error });
    }
  }

  async #put(): Promise<void> {
    const inputs = this.#dice.chance(0.12)
      ? this.#inputs.moderation()
      : this.#inputs.next();
    for (const input of inputs) {
      const recent = input.kind === "open" && input.peer.key !== undefined &&
          !this.#hub.knows(input.peer.key)
        ? await this.#store.recentOf(input.peer.key, 1_024)
        : [];
      this.#done.push(input);
      this.#at = this.#done.length - 1;
      this.#turn.push({ input, from: this.#hub.pendingEffects });
      if (input.kind === "open") this.#hub.open(input.id, input.peer, recent);
      else if (input.kind === "message") {
        this.#hub.message(input.id, input.message);
      } else if (input.kind === "close") {
        this.#hub.close(input.id, input.reason);
      } else this.#hub.tick();
    }
  }

  async #endTurn(): Promise<void> {
    const turn = this.#hub.takeTurn();
    const inputs = this.#turn;
    this.#turn = [];
    inputs.forEach(({ input, from }, at) => {
      this.#at = this.#done.length - inputs.length + at;
      this.checker.after(
        input,
        turn.effects.slice(from, inputs[at + 1]?.from),
      );
    });
    if (this.#dice.chance(0.04)) {
      this.checker.lost(turn, this.#hub.revert(turn));
    } else {
      await this.#store.commit(turn.commit);
      this.#hub.settle();
      this.checker.kept(turn);
    }
    this.#checkTouched();
    if (++this.#turns % CHECK_ALL_TURNS === 0) this.#checkAll();
  }

  /** Time goes by, mostly little of it. */
  #goOn(): void {
    const dice = this.#dice;
    const ms = dice.chance(0.004)
      ? 100 * DAY_MS
      : dice.chance(0.004)
      ? 8 * DAY_MS
      : dice.chance(0.01)
      ? 16_000
      : dice.below(400);
    this.#clock.advance(ms);
  }

  /** The server dies and starts again with what is committed. */
  async #restart(): Promise<void> {
    this.#hub = this.#newHub(
      await this.#store.records(),
      await this.#store.heads(),
    );
    this.checker.restart();
  }

  #newHub(records: DirectoryRecord[], heads: Map<string, number>): Hub {
    return new Hub({
      server: "test",
      version: "1",
      clock: this.#clock,
      records,
      heads,
      admins: ADMINS,
    });
  }

  #checkTouched(): void {
    for (const room of this.#model.touched) {
      const users = this.#hub.usersOf(room);
      const place = this.#model.places.get(room);
      if (place === undefined && users !== undefined) {
        violated(`nobody is in ${room}, and it is there`);
      }
      if (place === undefined) continue;
      checkPeople(this.#model, place, users ?? violated(`${room} is gone`));
    }
    this.#model.touched.clear();
  }

  #checkAll(): void {
    checkAll(this.#model, (room) => this.#hub.usersOf(room));
  }

  #report(error: unknown): string {
    const last = this.#done.slice(Math.max(0, this.#at - SHOWN), this.#at + 1);
    const first = this.#at - last.length + 1;
    return [
      `input ${this.#at} of CONFAB_SEED=${SEED}: ${describeError(error)}`,
      ...last.map((input, at) => `${first + at} ${show(input)}`),
    ].join("\n");
  }
}

function show(input: Input): string {
  return JSON.stringify(
    input,
    (_, value) => value instanceof Map ? Object.fromEntries(value) : value,
  );
}

test("a thousand people cannot make the hub break its word", async () => {
  const run = new Run();
  await run.toTheEnd();
  const { seen } = run.checker;
  const missing = MUST_HAPPEN.filter((what) => !seen.has(what));
  assertEquals(missing, [], `in the run of CONFAB_SEED=${SEED}`);
});
