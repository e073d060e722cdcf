/** Of the random run: what must hold after each input and after each turn. */
import { SEARCH_ROOMS } from "../../src/base/limits.ts";
import type { Effect, SearchRequest, Turn } from "../../src/chat/effects.ts";
import type { ConnectionId } from "../../src/chat/input.ts";
import type { ServerMessage } from "../../src/wire/server.ts";
import { Answers } from "./random_answers.ts";
import { checkCommand } from "./random_commands.ts";
import { checkList, checkUsers, checkWrites } from "./random_lists.ts";
import type { Line, Model } from "./random_model.ts";
import { violated } from "./random_names.ts";
import { Talks } from "./random_talks.ts";
import { checkNotice, checkPresence, checkWhois } from "./random_told.ts";
import { type Act, nameOf, whyLeft } from "./random_turns.ts";

export class Checker {
  readonly model: Model;
  readonly answers = new Answers();
  readonly talks: Talks;
  /** How often each kind of thing happened: a run in which nothing happens proves nothing. */
  readonly seen = new Map<string, number>();
  /** Seq of the last message: of what was committed, and of what the present turn adds. */
  readonly #kept = new Map<string, number>();
  readonly #heads = new Map<string, number>();

  constructor(model: Model) {
    this.model = model;
    this.talks = new Talks(model);
  }

  headOf(room: string): number {
    return this.#heads.get(room) ?? this.#kept.get(room) ?? 0;
  }

  /** An input was handled, and gave `effects`. */
  after(cause: Act, effects: readonly Effect[]): void {
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
    this.answers.endTurn(turn.effects);
    this.#count("turn kept");
  }

  /** Nothing could be stored in the turn: it has nothing to commit. */
  lost({ commit, effects }: Turn): void {
    if (commit.appends.length + commit.writes.length > 0) {
      violated("a turn in which nothing can be stored writes");
    }
    this.answers.endTurn(effects);
    this.#count("turn lost");
  }

  /** Somebody else has written to a room. */
  foreign(room: string, head: number): void {
    this.#kept.set(room, head);
    this.#count("turn healed");
  }

  /** The server starts again with what is committed. */
  restart(): void {
    this.talks.clear();
    this.model.restart();
    for (const room of this.model.rules.rooms()) this.#dropIfVain(room);
  }

  #apply(effect: Effect, cause: Act, line: Line | undefined): void {
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
        checkPresence(this.model, line, effect.ack);
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
        return this.#searches(this.#line(effect.to), effect.search);
      case "watch": {
        const { key } = this.#line(effect.connection).human;
        if (this.model.rules.rankOf(key, "lobby") < 3) {
          violated("somebody who is no administrator watches");
        }
        return;
      }
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
    } else if (message.type === "renamed") this.talks.renamed(line, message);
    else if (message.type === "users") checkUsers(model, message, line);
    else if (message.type === "rooms") checkList(model, message, line);
    else if (message.type === "ack") checkPresence(model, line, message);
    else if (message.type === "whois") {
      checkWhois(model, line, message);
      if (message.seen !== undefined) this.#count("answer whois of absent");
    } else if (message.type === "notice") checkNotice(message);
    else if (message.type === "error") this.#count(`error ${message.code}`);
  }

  #searches(line: Line, { room, places }: SearchRequest): void {
    if (places === undefined) return this.talks.reads(line, room);
    this.#count("search in all");
    if (places.size > SEARCH_ROOMS) violated("a search has too many rooms");
    for (const key of places.keys()) this.talks.reads(line, key);
  }

  #line(id: ConnectionId): Line {
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
