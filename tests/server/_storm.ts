/** A server, and what happens to it in some order. */
import type { Entry } from "../../src/store/store.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { Judge } from "./_judge.ts";
import { ROOMS, SEEDS, type Step, type StepOf } from "./_steps.ts";
import { TestStore } from "./_store.ts";
import { type Peer, World } from "./_world.ts";

/** Small, so that readers fall behind; still more than the largest message. */
const LIMITS = { limitBytes: 20_000, lowBytes: 5_000 };
const MOST_PEERS = 6;
/** Does the steps, then lets everything that waits go on, and judges. */
export async function weather(steps: readonly Step[]): Promise<void> {
  const run = await Run.begin();
  for (const step of steps) {
    run.do(step);
    if (step.pause === 99) await eventLoopTurn();
    else for (let n = 0; n < step.pause; n++) await Promise.resolve();
  }
  await run.end();
}

class Run {
  readonly #world: World;
  readonly #judge: Judge;
  readonly #said: {
    key: string | undefined;
    fields: Record<string, unknown>;
  }[] = [];
  readonly #following: { stop(): Promise<void> };
  #count = 0;

  private constructor(world: World, judge: Judge) {
    this.#world = world;
    this.#judge = judge;
    this.#following = world.follow();
  }

  static async begin(): Promise<Run> {
    const store = new TestStore();
    const seeds = Object.entries(SEEDS).flatMap(([room, count]) =>
      Array.from({ length: count }, (_, at): Entry => {
        return {
          room,
          seq: at + 1,
          at: 1_000 + at,
          from: "old",
          kind: "text",
          body: `${at}`,
        };
      })
    );
    const appends = ROOMS.map((room) => ({
      room,
      expectedHead: 0,
      entries: seeds.filter((entry) => entry.room === room),
    }));
    await store.commit({ appends, writes: [] });
    const world = await World.open(store);
    return new Run(world, new Judge(world, seeds));
  }

  do(step: Step): void {
    const world = this.#world;
    const { store, clock } = world;
    if (step.kind === "greet") this.#greet(step);
    else if (step.kind === "resume") this.#resume(step);
    else if (step.kind === "holdReads") store.holdsReads = true;
    else if (step.kind === "releaseRead") store.releaseRead(step.which);
    else if (step.kind === "holdCommits") store.holdsCommits = true;
    else if (step.kind === "releaseCommit") store.releaseCommit();
    else if (step.kind === "release") store.releaseAll();
    else if (step.kind === "failRead") store.failingReads = 1;
    else if (step.kind === "fail") store.failingCommits = step.commits;
    else if (step.kind === "foreign") this.#writeElsewhere(step);
    else if (step.kind === "tick") {
      clock.advance(step.ms);
      world.put({ kind: "tick", at: world.now });
    } else {
      const peers = this.#open();
      const peer = peers[step.who % peers.length];
      if (peer !== undefined) this.#doAs(peer, step);
    }
  }

  /** Everything goes on until nothing waits; then all must be as it was promised. */
  async end(): Promise<void> {
    const { store, peers } = this.#world;
    store.failingCommits = store.failingReads = 0;
    store.releaseAll();
    for (const { sink } of peers) this.#speedUp(sink);
    await this.#world.settled();
    await this.#judge.finish();
    await this.#following.stop();
  }

  /** Somebody writes to a room by another server. */
  #writeElsewhere({ room, count }: StepOf<"foreign">): void {
    void this.#world.store.commitElsewhere(
      (head) =>
        Array.from({ length: count }, (_, at): Entry => ({
          room,
          seq: head + 1 + at,
          at: 7,
          from: "eve",
          kind: "text",
          body: `elsewhere ${++this.#count}`,
        })),
      room,
    );
  }

  #open(): Peer[] {
    return this.#world.peers.filter(({ isGone, sink }) =>
      !isGone && !sink.isEnded
    );
  }

  #connect(person: number): Peer | undefined {
    if (this.#open().length >= MOST_PEERS) return undefined;
    const key = person === 0 ? undefined : `SHA256:${person}`;
    return this.#world.connect(key, LIMITS);
  }

  #greet({ person, room }: StepOf<"greet">): void {
    this.#connect(person)?.send({ type: "hello", room });
  }

  #resume({ person, points }: StepOf<"resume">): void {
    const resume = Object.entries(points).map(([room, { seq, at }]) => {
      const said = this.#judge.ledger.of(room)[seq - 1];
      if (at === "none" || seq === 0) return [room, seq];
      return [room, { seq, at: at === "right" ? said?.at ?? 7 : 5 }];
    });
    const hello = { type: "hello", resume: Object.fromEntries(resume) };
    this.#connect(person)?.send(hello);
  }

  #doAs(peer: Peer, step: Extract<Step, { who: number }>): void {
    const { sink } = peer;
    if (step.kind === "slow") sink.isSlow = true;
    else if (step.kind === "read") sink.read(step.bytes);
    else if (step.kind === "fast") this.#speedUp(sink);
    else if (step.kind === "end" && step.how === "cut") peer.cut();
    else if (sink.spaceBytes > 0) this.#send(peer, step);
  }

  #speedUp(sink: Peer["sink"]): void {
    sink.isSlow = false;
    sink.flush();
  }

  /** A server reads only from a connection that has space. */
  #send(peer: Peer, step: Extract<Step, { who: number }>): void {
    if (step.kind === "say") {
      for (let n = 0; n < step.count; n++) {
        this.#say(peer, "x".repeat(step.length), step.hasId, step.room);
      }
    } else if (step.kind === "flood") {
      for (let n = 0; n < step.count; n++) {
        this.#say(peer, "\u6f22".repeat(3_900), true, 0);
      }
    } else if (step.kind === "again") this.#sayAgain(peer, step.back);
    else if (step.kind === "end") peer.send({ type: "bye" });
    else if (step.kind === "page") {
      const { before, seq, limit } = step;
      const place = before ? { before: seq } : { after: seq };
      this.#ask(peer, { type: "history", room: "den", ...place, limit });
    } else {
      const { kind } = step;
      const args = kind === "rename"
        ? `n${++this.#count}`
        : kind === "join"
        ? `${step.stays ? "+" : ""}${step.room}`
        : "";
      const name = kind === "rename" ? "name" : kind;
      this.#ask(peer, { type: "command", name, args });
    }
  }

  #ask(peer: Peer, fields: Record<string, unknown>): void {
    const id = `r${++this.#count}`;
    this.#judge.answers.ask(peer, id, "request");
    peer.send({ ...fields, id });
  }

  #say(peer: Peer, text: string, hasId: boolean, place: number): void {
    const number = ++this.#count;
    // The first is said where one is, the others somewhere, perhaps where one is not.
    const where = place === 0 ? {} : { room: ROOMS[place] };
    const fields = { type: "chat", txt: `${number} ${text}`, ...where };
    if (!hasId) return peer.send(fields);
    const id = `c${number}`;
    this.#judge.answers.ask(peer, id, "chat");
    peer.send({ ...fields, id });
    this.#said.push({ key: peer.key, fields: { ...fields, id } });
  }

  /** Something that this person said is sent again, as after a cut. */
  #sayAgain(peer: Peer, back: number): void {
    if (peer.key === undefined) return;
    const said = this.#said.filter(({ key }) => key === peer.key).at(-1 - back);
    if (said === undefined) return;
    this.#judge.answers.ask(peer, said.fields.id as string, "chat");
    peer.send(said.fields);
  }
}
