/** Of the random run: what must hold after each input and after each turn. */
import type { Effect, Turn } from "../../src/chat/effects.ts";
import type { ServerMessage } from "../../src/wire/server.ts";
import { Answers } from "./random_answers.ts";
import { checkCommand } from "./random_commands.ts";
import { checkList, checkUsers, checkWrites } from "./random_lists.ts";
import type { Line, Model } from "./random_model.ts";
import { violated } from "./random_names.ts";
import { Talks } from "./random_talks.ts";
import {
  type Cause,
  isLasting,
  isStanding,
  nameOf,
  whyLeft,
} from "./random_turns.ts";

export class Checker {
  readonly model: Model;
  readonly answers = new Answers();
  readonly talks: Talks;
  /** How often each kind of thing happened: a run in which nothing happens proves nothing. */
  readonly seen = new Map<string, number>();
  /** Seq of the last message: of what was committed, and of what the present turn adds. */
  readonly #kept = new Map<string, number>();
  readonly #heads = new Map<string, number>();
  #greeted: Line[] = [];

  constructor(model: Model) {
    this.model = model;
    this.talks = new Talks(model);
  }

  headOf(room: string): number {
    return this.#heads.get(room) ?? this.#kept.get(room) ?? 0;
  }

  /** An input was handled, and gave `effects`. */
  after(cause: Cause, effects: readonly Effect[]): void {
    const { model } = this;
    if (cause.kind === "open") {
      return model.open(cause.id, cause.peer.address, cause.peer.key);
    }
    const line = "id" in cause ? model.lines.get(cause.id) : undefined;
    if (cause.kind === "tick") model.beforeTick();
    let finish: ReturnType<typeof checkCommand> | undefined;
    if (cause.kind === "message") {
      if (line === undefined) {
        if (effects.length > 0) violated("a connection that ended is heard");
        return;
      }
      this.answers.ask(line, cause.message);
      this.answers.answered(line, cause.message, effects);
      finish = checkCommand(model, line, cause.message);
    }
    for (const effect of effects) this.#apply(effect, cause, line);
    const outcome = finish?.(effects);
    if (outcome !== undefined) this.#count(outcome);
    if (cause.kind === "close" && line !== undefined) this.#end(line);
    if (cause.kind === "tick") model.afterTick();
    this.#sweep();
  }

  /** The turn is committed. */
  kept(turn: Turn): void {
    for (const { room, expectedHead, entries } of turn.commit.appends) {
      const head = this.#kept.get(room) ?? 0;
      if (expectedHead !== head) {
        violated(`${room} is expected at ${expectedHead}, it is at ${head}`);
      }
      entries.forEach((entry, at) => {
        if (entry.seq !== head + 1 + at) violated(`there is a gap in ${room}`);
      });
      this.#kept.set(room, head + entries.length);
      if (this.#kept.get(room) !== this.#heads.get(room)) {
        violated(`not all of ${room} is committed, or more of it`);
      }
      this.#heads.delete(room);
    }
    for (const room of this.#heads.keys()) {
      violated(`nothing of ${room} is committed`);
    }
    checkWrites(turn.commit.writes);
    this.#greeted = [];
    this.model.rules.settle();
    this.model.names.settle();
    this.answers.endTurn(turn.effects, "kept");
    this.#count("turn kept");
  }

  /** The turn was not committed; `rest` is what is delivered all the same. */
  lost(turn: Turn, rest: Turn): void {
    if (rest.commit.appends.length + rest.commit.writes.length > 0) {
      violated("what is left of a turn that was not kept writes");
    }
    const greeted = this.#greeted;
    this.#greeted = [];
    const refused = new Set(greeted.map(({ id }) => id));
    const remaining = turn.effects.filter((one) => isLasting(one, refused));
    const stood = rest.effects.slice(0, remaining.length).filter(isStanding);
    if (
      remaining.filter(isStanding).some((effect, at) => effect !== stood[at])
    ) violated("a turn that was not kept moved other people");
    this.#heads.clear();
    const { model } = this;
    model.rules.revert();
    model.names.revert(model.humans.values());
    const refusal = { kind: "refusal", greeted } as const;
    this.after(refusal, rest.effects.slice(remaining.length));
    for (const line of greeted) {
      if (model.lines.has(line.id)) violated("a hello that was lost stands");
      model.unwelcome(line.human);
    }
    for (const room of model.rules.rooms()) this.#dropIfVain(room);
    this.answers.endTurn(rest.effects, "lost", refused);
    this.#count("turn lost");
  }

  /** The server starts again with what is committed. */
  restart(): void {
    this.talks.clear();
    this.model.restart();
    for (const room of this.model.rules.rooms()) this.#dropIfVain(room);
  }

  #apply(effect: Effect, cause: Cause, line: Line | undefined): void {
    this.#count(nameOf(effect));
    switch (effect.kind) {
      case "append": {
        const { entry } = effect;
        if (line === undefined || effect.author !== line.id) {
          violated("a message is not its author's");
        }
        if (entry.seq !== this.headOf(entry.room) + 1) {
          violated(`${entry.room} goes on with ${entry.seq}`);
        }
        this.talks.check(line, effect, cause);
        this.#heads.set(entry.room, entry.seq);
        return;
      }
      case "announce":
        return this.model.announced(effect.room, effect.message);
      case "answer":
        return this.#answer(this.#line(effect.to), effect.message);
      case "tell":
        for (const id of effect.to) {
          if (!this.#line(id).isReady) violated(`${id} has no welcome yet`);
        }
        return this.talks.told(effect, line);
      case "enter": {
        const entering = this.#line(effect.connection);
        if (effect.person !== entering.human.id) violated("not its person");
        const head = this.headOf(effect.room);
        return effect.room.startsWith("@")
          ? this.talks.enter(entering, effect, head)
          : this.model.enter(entering, effect, head);
      }
      case "exit": {
        const leaving = this.#line(effect.connection);
        const head = this.headOf(effect.room);
        return this.model.exit(leaving, effect, head, whyLeft(cause, leaving));
      }
      case "page":
        return this.talks.reads(this.#line(effect.to), effect.page.room);
      case "search":
        return this.talks.reads(this.#line(effect.to), effect.search.room);
      case "ready":
        this.#line(effect.connection).isReady = true;
        return;
      case "end":
        return this.#end(this.#line(effect.connection));
    }
  }

  #answer(line: Line, message: ServerMessage): void {
    const { model } = this;
    if (message.type === "welcome") {
      const { human } = line;
      if (human.name === undefined) model.names.give(human, message.name);
      if (human.name !== message.name) violated(`welcome, ${message.name}`);
      model.names.seen(human);
      this.#greeted.push(line);
    } else if (message.type === "renamed") this.talks.renamed(line, message);
    else if (message.type === "users") checkUsers(model, message, line);
    else if (message.type === "rooms") checkList(model, message);
    else if (message.type === "error") this.#count(`error ${message.code}`);
  }

  #line(id: number): Line {
    return this.model.lines.get(id) ?? violated(`connection ${id} has ended`);
  }

  #end(line: Line): void {
    this.talks.leave(line);
    this.model.end(line);
  }

  #sweep(): void {
    this.model.sweep();
    for (const room of this.model.touched) this.#dropIfVain(room);
  }

  /** A room where nobody is and nothing was said is none. */
  #dropIfVain(room: string): void {
    const { places, rules } = this.model;
    if (!places.has(room) && this.headOf(room) === 0 && rules.has(room)) {
      rules.drop(room);
    }
  }

  #count(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }
}
