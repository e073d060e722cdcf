/** A small world of a delivery, drawn by a property test, and what it promises to each connection. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Effect, Start } from "../../src/chat/effects.ts";
import type { Entry } from "../../src/store/store.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { Stay } from "./_model_stay.ts";
import type { Queued } from "../server/_sink.ts";
import { CountingEncoder, type Member, Stage, takeQueued } from "./_stage.ts";

const ROOMS = ["den", "attic", "@ ann bob"] as const;
const PEOPLE = ["ann", "bob", "cid"];
const MOST = 6;

const who = fc.nat(MOST - 1);
const room = fc.constantFrom(...ROOMS);

const STEPS = {
  connect: { person: fc.nat(2), isSmall: fc.boolean(), dialect: fc.nat(1) },
  enter: {
    who,
    room,
    start: fc.constantFrom("last", "after", "live"),
    back: fc.nat(200),
  },
  exit: { who, room },
  say: {
    who,
    room,
    count: fc.integer({ min: 1, max: 8 }),
    length: fc.constantFrom(5, 60, 300),
    hasId: fc.boolean(),
    what: fc.constantFrom("text", "text", "action", "sealed"),
  },
  announce: { room },
  answer: { who },
  tell: { type: fc.constantFrom("typing", "renamed") },
  remove: { who },
  /** Others write to the journal; it is followed then, or later. */
  write: { room, count: fc.integer({ min: 1, max: 4 }) },
  follow: {},
  turn: {},
  slow: { who },
  read: { who, bytes: fc.constantFrom(100, 600, 2_000) },
  fast: { who },
  holdReads: {},
  releaseRead: { which: fc.nat(5) },
  release: {},
};

type Steps = typeof STEPS;
type Kind = keyof Steps;
type Value<T> = T extends fc.Arbitrary<infer V> ? V : never;
type StepOf<K extends Kind> =
  & { kind: K; pause: boolean }
  & {
    [F in keyof Steps[K]]: Value<Steps[K][F]>;
  };
export type Step = { [K in Kind]: StepOf<K> }[Kind];

const WEIGHTS: Partial<Record<Kind, number>> = {
  enter: 5,
  say: 9,
  announce: 3,
  turn: 7,
  write: 2,
  follow: 2,
  read: 3,
};

/** What happens, and after which steps the event loop turns. */
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    ...(Object.keys(STEPS) as Kind[]).map((kind) => ({
      weight: WEIGHTS[kind] ?? 1,
      arbitrary: fc.record({
        kind: fc.constant(kind),
        pause: fc.boolean(),
        ...STEPS[kind],
      }) as fc.Arbitrary<Step>,
    })),
  ),
  { minLength: 5, maxLength: 80, size: "max" },
);

/** Does the steps, then lets all be read, and judges. */
export async function live(all: readonly Step[]): Promise<void> {
  const model = new Model(await Stage.open());
  for (const step of all) {
    await model.do(step);
    if (step.pause) await eventLoopTurn();
  }
  await model.end();
}

/** A message of many is 100 to 400 bytes long: few of them fit the smaller space. */
const SMALL = { limitBytes: 1_000, lowBytes: 300 };
const DIALECTS = [new CountingEncoder(), new CountingEncoder("presence")];

class Model {
  readonly #stage: Stage;
  readonly #members: Member[] = [];
  readonly #stays: Stay[] = [];
  /** What was said, and the connection that said it. */
  readonly #said = new Map<string, (Entry & { by?: Member })[]>();
  /** Ids of each connection that have no ack yet. */
  readonly #unacked = new Map<Member, string[]>();
  readonly #notFollowed: Entry[] = [];
  /** The present turn, and what it announces to whom. */
  #effects: Effect[] = [];
  #announced: [Stay, number][] = [];
  #left: Stay[] = [];
  /** Who caught up where, and how much it had been sent by then. */
  readonly #caughtUp: { member: Member; room: string; at: number }[] = [];
  #count = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
    for (const room of ROOMS) this.#said.set(room, []);
    for (const isSmall of [false, true, true]) {
      const dialect = this.#members.length % 2;
      this.#connect({ person: this.#members.length, isSmall, dialect });
    }
    stage.onCaughtUp = (id, room) => {
      const member = this.#members.find((one) => one.id === id);
      assert(member !== undefined, "one that is gone catches up");
      this.#caughtUp.push({ member, room, at: member.sink.queued.length });
    };
  }

  async do(step: Step): Promise<void> {
    const { store } = this.#stage;
    if (step.kind === "connect") this.#connect(step);
    else if (step.kind === "announce") this.#announce(step.room);
    else if (step.kind === "tell") this.#tell(step.type);
    else if (step.kind === "write") await this.#write(step);
    else if (step.kind === "follow") this.#follow();
    else if (step.kind === "turn") await this.#turn();
    else if (step.kind === "holdReads") store.holdsReads = true;
    else if (step.kind === "releaseRead") store.releaseRead(step.which);
    else if (step.kind === "release") store.releaseAll();
    else {
      const member = this.#members[step.who % this.#members.length];
      if (member !== undefined) await this.#doAs(member, step);
    }
    this.#readAll();
  }

  async end(): Promise<void> {
    await this.#turn();
    this.#stage.store.releaseAll();
    this.#follow();
    for (const { sink } of this.#members) {
      sink.isSlow = false;
      sink.flush();
    }
    await eventLoopTurn();
    this.#readAll();
    assertEquals(this.#stage.faults, []);
    for (const stay of this.#stays) {
      if (this.#members.includes(stay.member)) stay.finish();
    }
    for (const member of this.#members) {
      assertEquals(this.#unacked.get(member), [], "no ack came");
    }
  }

  // ---- What happens ----

  #connect(
    { person, isSmall, dialect }: Omit<StepOf<"connect">, "kind" | "pause">,
  ): void {
    if (this.#members.length === MOST) return;
    const shared = DIALECTS[dialect]!;
    const options = isSmall ? { ...SMALL, shared } : { shared };
    const member = this.#stage.connect(PEOPLE[person]!, options);
    this.#members.push(member);
    this.#unacked.set(member, []);
  }

  async #doAs(member: Member, step: Extract<Step, { who: number }>) {
    const { sink } = member;
    if (step.kind === "slow") sink.isSlow = true;
    else if (step.kind === "read") sink.read(step.bytes);
    else if (step.kind === "fast") {
      sink.isSlow = false;
      sink.flush();
    } else if (step.kind === "answer") {
      this.#effects.push(this.#stage.answer(member, "answer"));
    } else if (step.kind === "enter") this.#enter(member, step);
    else if (step.kind === "exit") {
      const stay = this.#stayOf(member, step.room);
      if (stay !== undefined) this.#left.push(stay.end());
      this.#effects.push(this.#stage.exit(member, step.room));
    } else if (step.kind === "say") await this.#say(member, step);
    else {
      this.#stage.delivery.remove(member.id);
      this.#members.splice(this.#members.indexOf(member), 1);
    }
  }

  #enter(member: Member, { room, start, back }: StepOf<"enter">): void {
    const head = this.#stage.headOf(room);
    const starts: Record<string, Start> = {
      last: { kind: "last", head, messages: 50 },
      after: { kind: "after", head, seq: Math.max(0, head - back) },
      live: { kind: "live", head },
    };
    const former = this.#stayOf(member, room);
    if (former !== undefined) former.isReplaced = true;
    const stay = new Stay(member, room, starts[start]!, this.#said.get(room)!);
    stay.isDeaf = member.sink.shared === DIALECTS[1];
    const text = `stay ${this.#stays.push(stay) - 1}`;
    const first = [{ type: "notice", text }] as const;
    this.#effects.push(this.#stage.enter(member, room, starts[start], first));
  }

  async #say(member: Member, step: StepOf<"say">): Promise<void> {
    const { room, what, hasId } = step;
    const stay = this.#stayOf(member, room);
    if (stay === undefined || stay.hasEnded) return;
    for (let n = 0; n < step.count; n++) {
      const id = `${++this.#count}`;
      const effect = this.#stage.say(member, "x".repeat(step.length), {
        room,
        kind: what,
        ...(hasId ? { id } : {}),
        ...(room.startsWith("@") ? { to: "bob" } : {}),
      });
      if (effect.kind !== "append") continue;
      await this.#stage.commit([effect]);
      this.#effects.push(effect);
      this.#said.get(room)!.push({ ...effect.entry, by: member });
      if (hasId) this.#unacked.get(member)!.push(id);
    }
  }

  #announce(room: string): void {
    const count = ++this.#count;
    for (const stay of this.#stays) {
      if (stay.room === room && !stay.hasEnded && !stay.isReplaced) {
        this.#announced.push([stay, count]);
      }
    }
    const message = { type: "presence", room, count } as const;
    this.#effects.push({ kind: "announce", room, message });
  }

  #tell(type: string): void {
    const message = type === "typing"
      ? { type: "typing", room: "den", name: "ann" } as const
      : { type: "renamed", from: "ann", name: "anna", at: 1 } as const;
    this.#effects.push(this.#stage.tell(this.#members, message));
  }

  async #write({ room, count }: StepOf<"write">): Promise<void> {
    const to = room.startsWith("@") ? { to: "bob" } : {};
    const entries = await this.#stage.write(room, count, to);
    this.#said.get(room)!.push(...entries);
    this.#notFollowed.push(...entries);
  }

  /** All that others wrote; perhaps more was said since, which is then followed from the journal. */
  #follow(): void {
    this.#stage.delivery.follow(
      structuredClone(this.#notFollowed.splice(0)),
    );
  }

  async #turn(): Promise<void> {
    const effects = this.#effects.splice(0);
    const { delivery, store } = this.#stage;
    // A read that waits would hold the turn up.
    if (!store.holdsReads) await delivery.prepare(effects);
    this.#readAll();
    for (const [stay, count] of this.#announced.splice(0)) {
      stay.announced.push(count);
    }
    const lagging = new Set(this.#notFollowed.map(({ room }) => room));
    const live = this.#stays.filter(({ member, room, isLive }) =>
      isLive && this.#members.includes(member) && !lagging.has(room) &&
      member.sink.limitBytes > SMALL.limitBytes &&
      !delivery.describe(member.id).isBehind
    );
    for (const stay of live) stay.beginTurn();
    delivery.deliver(structuredClone(effects));
    this.#readAll();
    for (const stay of this.#left.splice(0)) stay.hasLeft = true;
    for (const stay of live) {
      // What is worded for each reader waits where another room is being fed.
      const mayWait = stay.room.startsWith("@");
      if (mayWait && delivery.describe(stay.member.id).isBehind) continue;
      stay.endTurn();
    }
  }

  // ---- What the connections get ----

  #readAll(): void {
    for (const member of this.#members) {
      const fresh = takeQueued(member);
      let at = member.sink.queued.length - fresh.length;
      for (const queued of fresh) {
        this.#readReports(member, at++);
        this.#read(member, queued);
      }
      this.#readReports(member, at);
    }
  }

  /** That it has caught up after so many messages. */
  #readReports(member: Member, at: number): void {
    while (true) {
      const index = this.#caughtUp.findIndex((one) =>
        one.member === member && one.at === at
      );
      if (index < 0) return;
      const [report] = this.#caughtUp.splice(index, 1);
      this.#heard(member, report!.room).catchUp();
    }
  }

  #read(member: Member, { message, spaceBytes, how }: Queued): void {
    if (message.type === "ack") {
      const ids = this.#unacked.get(member)!;
      assertEquals(ids.shift(), message.id, "acks out of order");
      // It may come before what it enters has been shown.
      this.#begun(member, message.room!)?.readAck(message.seq!);
    } else if (message.type === "presence") {
      this.#heard(member, message.room).readAnnouncement(message.count);
    } else if (message.type === "history") {
      this.#heard(member, message.room).readPage(message);
    } else if (message.type === "notice") {
      if (message.text === "answer") return;
      const stay = this.#stays[Number(message.text.slice(5))]!;
      assert(stay.member === member && !stay.hasBegun);
      stay.hasBegun = true;
    } else if (message.type !== "typing" && message.type !== "renamed") {
      assert(how === "shared" || spaceBytes > 0, "over the limit");
      const { room = ROOMS[2], seq } = message as {
        room?: string;
        seq: number;
      };
      this.#heard(member, room).readMessage(seq);
    }
  }

  /** The stay that has begun last, as the connection has heard. */
  #begun(member: Member, room: string): Stay | undefined {
    return this.#stays.findLast((stay) =>
      stay.member === member && stay.room === room && stay.hasBegun
    );
  }

  #heard(member: Member, room: string): Stay {
    const stay = this.#begun(member, room);
    assert(stay !== undefined, "something of a room that it is not in");
    return stay;
  }

  /** The stay that has begun last, as the hub has it. */
  #stayOf(member: Member, room: string): Stay | undefined {
    return this.#stays.findLast((stay) =>
      stay.member === member && stay.room === room
    );
  }
}
