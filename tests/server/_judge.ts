/** Holds what every connection gets against what the wire promises, message by message. */
import { assert } from "@std/assert";
import type { Effect } from "../../src/chat/effects.ts";
import type { Entry } from "../../src/store/store.ts";
import type { Chat, ServerMessage, Unknown } from "../../src/wire/server.ts";
import { AnswerBook } from "./_answers.ts";
import { Ledger } from "./_ledger.ts";
import { Stay } from "./_stay.ts";
import type { Peer, World } from "./_world.ts";

/**
 * One to whom nothing was on its way when a turn was delivered: from which message on, and where it
 * had heard everything.
 */
interface Quiet {
  readonly peer: Peer;
  readonly index: number;
  readonly rooms: ReadonlySet<string>;
}

export class Judge {
  readonly answers = new AnswerBook();
  readonly ledger: Ledger;
  readonly #world: World;
  readonly #stays: Stay[] = [];
  /**
   * The last stay of each connection in each room, as the server has it, and as the connection has
   * heard of it.
   */
  readonly #present = new Map<string, Stay>();
  readonly #heard = new Map<string, Stay>();
  /** How many of a connection's messages were looked at. */
  readonly #seen = new Map<Peer, number>();
  #quiet: Quiet[] = [];
  #ended: Stay[] = [];

  /** `seeds`: what the store had from the beginning. */
  constructor(world: World, seeds: readonly Entry[]) {
    this.#world = world;
    this.ledger = new Ledger(seeds);
    world.delivery.watch = (effects) => this.#before(effects);
    world.delivery.foreign = (entries) => {
      for (const { room, seq } of entries) this.#fill(room, seq);
    };
    world.delivery.afterwards = () => this.#after();
  }

  /** At the end, when nothing waits any more: everyone has everything, and knows who is there. */
  async finish(): Promise<void> {
    this.#readAll();
    const names = new Map<string, string[]>();
    for (const room of new Set(this.#stays.map(({ room }) => room))) {
      names.set(room, await this.#world.namesIn(room));
    }
    for (const stay of this.#stays) stay.finish(names.get(stay.room)!);
    this.answers.finish(this.#world.peers);
    this.ledger.checkIds();
  }

  // ---- A turn ----

  #before(effects: readonly Effect[]): readonly Effect[] {
    this.#readAll();
    this.#quiet = this.#world.peers.filter(({ sink }) =>
      sink.queuedBytes === 0 && !sink.isEnded
    ).map((peer) => ({
      peer,
      index: peer.sink.queued.length,
      rooms: new Set(
        this.#stays.filter((stay) => stay.peer === peer && stay.isAtHead())
          .map(({ room }) => room),
      ),
    }));
    for (const effect of effects) {
      if (effect.kind === "append") {
        this.#fill(effect.entry.room, effect.entry.seq - 1);
        this.ledger.append(effect.entry, effect.author);
      } else if (effect.kind === "enter") {
        this.#fill(effect.room, effect.start.head);
      } else if (effect.kind === "exit") this.#fill(effect.room, effect.head);
    }
    return effects.map((effect) => {
      if (effect.kind === "exit") this.#exit(effect);
      return effect.kind === "enter" ? this.#enter(effect) : effect;
    });
  }

  /** What others wrote up to a seq, whether it could be followed or not, is in the journal. */
  #fill(room: string, upTo: number): void {
    for (const entry of this.#world.store.elsewhere) {
      if (entry.room !== room || entry.seq > upTo) continue;
      if (entry.seq === this.ledger.head(room) + 1) this.ledger.append(entry);
    }
  }

  #exit(effect: Extract<Effect, { kind: "exit" }>): void {
    const stay = this.#present.get(`${effect.connection} ${effect.room}`);
    if (stay === undefined || stay.hasEnded) return;
    stay.end(effect.head);
    this.#ended.push(stay);
  }

  /** Marks on the wire where the stay begins. */
  #enter(effect: Extract<Effect, { kind: "enter" }>): Effect {
    const { connection, room, start } = effect;
    const key = `${connection} ${room}`;
    const former = this.#present.get(key);
    if (former !== undefined) former.isReplaced = true;
    const peer = this.#world.peer(connection);
    const stay = new Stay(peer, room, start, this.ledger);
    this.#present.set(key, stay);
    const text = `stay ${this.#stays.push(stay) - 1}`;
    return { ...effect, first: [{ type: "notice", text }, ...effect.first] };
  }

  #after(): void {
    for (const quiet of this.#quiet) this.#checkOrder(quiet);
    this.#readAll();
    for (const stay of this.#ended.splice(0)) {
      stay.endAt(stay.peer.sink.queued.length);
    }
  }

  /**
   * Who was at the head, and did not fall behind, got acks and messages by seq, and none of its own
   * messages.
   */
  #checkOrder({ peer, index, rooms }: Quiet): void {
    const { queued, queuedBytes, limitBytes } = peer.sink;
    if (queuedBytes >= limitBytes) return;
    const last = new Map<string, number>();
    const acked = new Set<string>();
    for (const { message } of queued.slice(index)) {
      if (message.type !== "chat" && message.type !== "ack") continue;
      const { room, seq } = message;
      if (room === undefined || seq === undefined || !rooms.has(room)) continue;
      const isOwn = this.ledger.isBy(peer, room, seq);
      if (message.type === "ack") {
        // What is sent again is acked again, as what it was.
        const { id } = message;
        if (!isOwn || acked.has(id) || this.answers.isKnown(peer, id)) continue;
        acked.add(id);
      }
      const what = `connection ${peer.id} in ${room}: ${message.type} ${seq}`;
      assert(message.type === "ack" || !isOwn, `${what}: said to its author`);
      assert(seq > (last.get(room) ?? 0), `${what} out of order`);
      last.set(room, seq);
    }
  }

  // ---- What a connection gets ----

  #readAll(): void {
    for (const peer of this.#world.peers) {
      const { queued } = peer.sink;
      let at = this.#seen.get(peer) ?? 0;
      for (; at < queued.length; at++) {
        const { message, spaceBytes } = queued[at]!;
        if (at === 0) {
          assert(["welcome", "error", "bye"].includes(message.type));
        }
        assert(
          message.type !== "chat" || spaceBytes > 0,
          `connection ${peer.id}: over its limit`,
        );
        this.#read(peer, message, at);
      }
      this.#seen.set(peer, at);
    }
  }

  #read(peer: Peer, message: ServerMessage | Unknown, at: number): void {
    if (message.type === "notice" && message.text.startsWith("stay ")) {
      const stay = this.#stays[Number(message.text.slice(5))]!;
      assert(stay.peer === peer && !stay.hasBegun);
      stay.hasBegun = true;
      this.#heard.set(`${peer.id} ${stay.room}`, stay);
    } else if (message.type === "chat") {
      this.#stayOf(peer, message.room).readChat(message);
    } else if (message.type === "history" && message.id === undefined) {
      this.#stayOf(peer, message.room).readPage(message);
    } else if (message.type === "history") {
      for (const said of message.messages) {
        this.ledger.check(peer, message.room, said as Chat, "replay");
      }
    } else if (message.type === "users" && message.id === undefined) {
      this.#stayOf(peer, message.room).readUsers(message.users, at);
    } else if (message.type === "joined" || message.type === "left") {
      this.#stayOf(peer, message.room)
        .readPerson(message.type, message.name, at);
    } else if (message.type === "renamed") {
      for (const stay of this.#stays) {
        if (stay.peer === peer) stay.readRenamed(message.from, message.name);
      }
    }
    this.answers.read(peer, message);
  }

  #stayOf(peer: Peer, room: string): Stay {
    const stay = this.#heard.get(`${peer.id} ${room}`);
    assert(stay !== undefined, `connection ${peer.id} is not in ${room}`);
    return stay;
  }
}
