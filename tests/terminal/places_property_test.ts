import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ConfabError } from "../../src/base/errors.ts";
import { NOON_MS } from "../_fake_clock.ts";
import { propertyOptions, testsOf } from "../_testing.ts";
import { Session } from "./_session.ts";

const test = testsOf("places, as a property", { sys: true });

const ROOMS = ["a", "b", "c"];

type Step =
  /** Keys, without looking at what became of them. */
  | { readonly does: "type" | "enter" | "next" | "before" | "clear" }
  | { readonly does: "join" | "leave"; readonly room: string }
  /** The server answers the oldest move that it has been asked for. */
  | { readonly does: "lead" | "refuse" }
  | { readonly does: "kick"; readonly room: string }
  | { readonly does: "cut" | "rename" | "usurp" };

const room = fc.constantFrom(...ROOMS);

/** Steps of one kind, as often as that is wanted. */
function often(weight: number, ...does: Step["does"][]) {
  const arbitrary = fc.record({ does: fc.constantFrom(...does), room });
  return { weight, arbitrary: arbitrary as fc.Arbitrary<Step> };
}

const step = fc.oneof(
  often(14, "type", "enter"),
  often(4, "enter"),
  often(4, "join"),
  often(3, "lead"),
  often(4, "next", "before"),
  often(2, "rename", "usurp"),
  often(3, "kick", "leave", "refuse", "cut", "clear"),
);

/** A `/join` or `/leave`, and where it led; nowhere until it has. */
interface Ordered {
  readonly line: string;
  led: string | undefined;
  is: "waiting" | "over";
}

/** What was typed, with the place that the prompt showed, or the move that was under way. */
interface Begun {
  readonly shown: string;
  readonly order: Ordered | undefined;
}

/** A person, and a server that answers when it likes. */
class Scene {
  readonly session: Session;
  readonly begun = new Map<string, Begun>();
  /** Moves that were entered and not answered, in order. */
  orders: Ordered[] = [];
  /** Whether the person has stayed to go along with them. */
  #isFollowing = false;
  #other = "bob";
  #names = 0;

  constructor(session: Session) {
    this.session = session;
  }

  async start(): Promise<void> {
    const { client } = this.session;
    client.hear({
      ...{ type: "users", room: "lobby" } as const,
      users: [{ name: "bob", key: "SHA256:0" }],
    });
    await this.#enter("/query bob");
    await this.session.type("\x10");
  }

  async play(step: Step): Promise<void> {
    const { session } = this;
    switch (step.does) {
      case "type": {
        const text = `t${this.begun.size};`;
        const { place } = this.#prompt();
        const order = this.#isFollowing ? this.orders.at(-1) : undefined;
        this.begun.set(text, { shown: place, order });
        return await session.type(text);
      }
      case "enter":
        return await this.#enterOnce();
      case "clear":
        if (this.#prompt().typed !== "") await session.type("\x03");
        return;
      case "next":
      case "before":
        this.#isFollowing = false;
        return await session.type(step.does === "next" ? "\x0e" : "\x10");
      case "join":
        return await this.#order(`/join +${step.room}`);
      case "leave":
        // Where one is, a conversation or a dead room is left without the server.
        if (ROOMS.includes(this.#prompt().place) || this.#isFollowing) {
          await this.#order("/leave");
        }
        return;
      default:
        this.#serve(step);
        return await session.settle();
    }
  }

  /** What the person enters is not confirmed: whatever is asked about is cleared. */
  async #enterOnce(): Promise<void> {
    await this.session.type("\r");
    const rows = this.session.terminal.rows.slice(-8).join("\n");
    if (rows.includes("Enter again")) await this.session.type("\x03");
  }

  async #enter(line: string): Promise<void> {
    await this.session.type(line);
    await this.session.type("\r");
  }

  async #order(line: string): Promise<void> {
    const { typed, isDead } = this.#prompt();
    if (typed !== "" || (isDead && line === "/leave")) return;
    if (!this.#isFollowing) {
      // One at a time of those that nobody waits for: which leads where is told apart by that.
      if (this.orders.length > 0) return;
      this.#isFollowing = true;
    }
    this.orders.push({ line, led: undefined, is: "waiting" });
    await this.#enter(line);
  }

  #serve(step: Step): void {
    const { client } = this.session;
    const asked = client.waiting.find((one) =>
      one.type === "command" && /^(join|leave)$/.test(one.name)
    );
    if (step.does === "lead" && asked?.type === "command") {
      const target = asked.name === "join" ? asked.args!.slice(1) : "lobby";
      if (asked.name === "leave") {
        client.rooms = client.rooms.filter((one) => one !== asked.room);
      } else if (!client.rooms.includes(target)) client.rooms.push(target);
      client.current = target;
      client.hear({ type: "here", room: target });
      client.hear({ type: "users", room: target, users: [] });
      client.answer(asked.id, { type: "ack", id: asked.id });
      const order = this.orders.shift()!;
      order.led = target;
      order.is = "over";
      if (this.orders.length === 0) this.#isFollowing = false;
    } else if (step.does === "refuse" && asked !== undefined) {
      client.refuse(asked.id, new ConfabError("busy", "not now"));
      for (const order of this.orders) order.is = "over";
      this.orders = [];
      this.#isFollowing = false;
    } else if (step.does === "kick" && client.rooms.includes(step.room)) {
      client.rooms = client.rooms.filter((one) => one !== step.room);
      client.current = client.rooms.at(-1)!;
      client.hear({ type: "here", room: client.current });
      client.hear({
        ...{ type: "left", room: step.room, name: "ann" } as const,
        ...{ at: NOON_MS, reason: "kicked" },
      });
    } else if (step.does === "cut") {
      client.cut();
      client.push({ kind: "disconnected", reason: "", retryInMs: 500 });
      client.connect(false);
      client.reconnect();
    } else if (step.does === "rename") {
      const name = `bob${++this.#names}`;
      client.hear({ type: "renamed", from: this.#other, name, at: NOON_MS });
      this.#other = name;
    } else if (step.does === "usurp") {
      const user = { name: this.#other, key: `SHA256:${++this.#names}` };
      const joined = { type: "joined", room: "lobby", at: NOON_MS } as const;
      client.hear({ ...joined, ...user });
    }
  }

  /** What the prompt shows: the place, whether it is a dead one, what is typed in its first row. */
  #prompt(): { place: string; isDead: boolean; typed: string } {
    const row = this.session.terminal.rows.findLast((row) =>
      row.includes("›")
    )!;
    const [, place, dead, typed] =
      /(?:\] )?(\S+)( \(\w+\))?(?: \(offline\))? ›(.*)$/.exec(row)!;
    return { place: place!, isDead: dead !== undefined, typed: typed!.trim() };
  }
}

async function play(steps: readonly Step[]): Promise<void> {
  await using session = await Session.open(150, 40);
  const scene = new Scene(session);
  await scene.start();
  for (const step of steps) await scene.play(step);
  for (const asked of session.client.asked) {
    if (asked.type !== "chat") continue;
    const place = asked.to === undefined ? asked.room : `@${asked.to}`;
    const [first] = /^t\d+;/.exec(asked.txt) ?? [];
    const begun = scene.begun.get(first ?? "");
    assert(begun !== undefined, `${asked.txt} was not typed`);
    const expected = begun.order === undefined ? begun.shown : begun.order.led;
    assertEquals(place, expected, `${asked.txt} in ${place}`);
  }
}

test("whatever comes between, a line is said in the place that the prompt showed at its first character, or where a move led that was under way then", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 80 }), play),
    propertyOptions(30),
  );
});
