/** Whatever happens at the gate, and however often a turn is taken back: the rules hold. */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Secrets } from "../../src/chat/gate_options.ts";
import { propertyOptions, testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import { keyOf, outcomeOf, type Visitor } from "./_visitor.ts";

const test = testsOf("gate");

const HOUR_MS = 3_600_000;
const PEOPLE = ["ann", "bob", "cleo", "dan"];

const secrets: Secrets = {
  secretOf: (number) => `secret-${number}`,
  hashOf: (secret) => `hash of ${secret}`,
  linkOf: (secret) => secret,
};

const who = fc.constantFrom(...PEOPLE);
const step = fc.oneof(
  fc.record({
    kind: fc.constant("invite" as const),
    uses: fc.integer({ min: 1, max: 3 }),
    hours: fc.integer({ min: 1, max: 4 }),
  }),
  // The number of an invite, or of one that was never made.
  fc.record({ kind: fc.constant("shows" as const), who, number: fc.nat(5) }),
  fc.record({ kind: fc.constant("comes" as const), who }),
  fc.record({ kind: fc.constant("listed" as const), who: fc.subarray(PEOPLE) }),
  fc.record({ kind: fc.constant("revoked" as const), who }),
  fc.record({ kind: fc.constant("an hour" as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
const turn = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 5 }),
  ending: fc.constantFrom("kept", "kept", "tried again", "lost"),
});
type Turn = typeof turn extends fc.Arbitrary<infer T> ? T : never;

/** What must hold, as a person would note it. */
interface Rules {
  invites: { uses: number; until: number }[];
  /** By which invite, as they are counted from 0. */
  admitted: Map<string, number>;
  listed: Set<string>;
}

/** What a step must come to, and what holds from then on. */
function expected(rules: Rules, step: Step, now: number): string | undefined {
  const knows = (who: string) =>
    rules.admitted.has(who) || rules.listed.has(who);
  switch (step.kind) {
    case "invite":
      rules.invites.push({
        uses: step.uses,
        until: now + step.hours * HOUR_MS,
      });
      return "invite";
    case "shows": {
      const invite = rules.invites[step.number - 1];
      const isGood = invite !== undefined && invite.uses > 0 &&
        invite.until > now;
      if (isGood && !rules.admitted.has(step.who)) {
        invite.uses--;
        rules.admitted.set(step.who, step.number - 1);
      }
      return isGood || knows(step.who) ? "welcome" : "invite-invalid";
    }
    case "comes":
      return knows(step.who) ? "welcome" : "invite-required";
    case "listed":
      rules.listed = new Set(step.who);
      return undefined;
    case "revoked": {
      const invite = rules.invites[rules.admitted.get(step.who) ?? -1];
      if (invite === undefined) return "no-such-person";
      invite.uses = 0;
      rules.admitted.delete(step.who);
      return "ack";
    }
  }
}

class Run {
  readonly #it = new Scene({
    admins: ["root"],
    gate: { asks: "invite", secrets },
  });
  #rules: Rules = { invites: [], admitted: new Map(), listed: new Set() };
  #ids = 0;

  async turns(turns: readonly Turn[]): Promise<void> {
    const root = await this.#it.person("root");
    for (const { steps, ending } of turns) {
      const visitors: (Visitor | undefined)[] = [];
      for (const step of steps) {
        const isHello = step.kind === "shows" || step.kind === "comes";
        const key = isHello ? keyOf(step.who) : "";
        const peer = { key, address: "10.0.0.1" };
        visitors.push(isHello ? await this.#it.opens(peer) : undefined);
      }
      const before = structuredClone(this.#rules);
      const all = steps.map((step, at) => {
        if (step.kind === "an hour") this.#it.clock.advance(HOUR_MS);
        const outcome = expected(this.#rules, step, this.#it.now.wall);
        return { outcome, came: this.#do(step, visitors[at] ?? root) };
      });
      if (ending === "lost") {
        this.#it.lostTurn();
        // What is stored is as before; who is listed stands in a file.
        this.#rules = { ...before, listed: this.#rules.listed };
      } else {
        if (ending === "tried again") {
          this.#it.hub.takeTurn();
          this.#it.triesAgain();
        }
        await this.#it.turn();
        for (const { outcome, came } of all) assertEquals(came(), outcome);
      }
      for (const visitor of visitors) await visitor?.leaves("closed");
    }
  }

  /** Does it within the turn; the result says what it has come to. */
  #do(step: Step, visitor: Visitor): () => string | undefined {
    switch (step.kind) {
      case "invite":
        return this.#commands(visitor, `invite ${step.hours}h ${step.uses}`);
      case "revoked":
        return this.#commands(visitor, `revoke ${keyOf(step.who)}`);
      case "shows":
        visitor.put({ type: "hello", invite: `secret-${step.number}` });
        return () => outcomeOf(visitor.take()[0]);
      case "comes":
        visitor.put({ type: "hello" });
        return () => outcomeOf(visitor.take()[0]);
      case "listed": {
        const keys = step.who.map(keyOf);
        this.#it.put({ kind: "allowed", at: this.#it.now, keys });
      }
    }
    return () => undefined;
  }

  #commands(root: Visitor, args: string): () => string {
    const id = `${++this.#ids}`;
    root.put({ type: "command", name: "server", args, id });
    return () => outcomeOf(root.replies.get(id));
  }
}

test("lets in whom the rules let in, and nobody else, whatever is taken back", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(turn, { minLength: 1, maxLength: 12 }),
      (turns) => new Run().turns(turns),
    ),
    propertyOptions(300),
  );
});
