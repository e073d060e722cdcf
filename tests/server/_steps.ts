/** What may happen to a server, as a property test draws it. */
import fc from "fast-check";

export const ROOMS = ["lobby", "den", "attic"] as const;
/** How many messages each room has at first. */
export const SEEDS: Record<string, number> = { lobby: 0, den: 130, attic: 480 };

const who = fc.nat(11);
const room = fc.constantFrom(...ROOMS);
const seq = fc.oneof(fc.nat(500), fc.nat(20));
const point = fc.record({
  seq,
  at: fc.constantFrom("right", "none", "right", "wrong"),
});

const STEPS = {
  greet: { person: fc.nat(3), room: fc.constantFrom(...ROOMS, "") },
  resume: {
    person: fc.nat(3),
    points: fc.dictionary(room, point, { minKeys: 1, maxKeys: 3 }),
  },
  say: {
    who,
    room: fc.nat(2),
    count: fc.integer({ min: 1, max: 6 }),
    length: fc.constantFrom(5, 50, 900),
    hasId: fc.boolean(),
  },
  flood: { who, count: fc.integer({ min: 5, max: 110 }) },
  again: { who, back: fc.nat(4) },
  join: { who, room, stays: fc.boolean() },
  leave: { who },
  end: { who, how: fc.constantFrom("cut", "bye") },
  rename: { who },
  page: {
    who,
    seq,
    before: fc.boolean(),
    limit: fc.integer({ min: 1, max: 100 }),
  },
  slow: { who },
  read: { who, bytes: fc.constantFrom(500, 6_000, 30_000) },
  fast: { who },
  holdReads: {},
  releaseRead: { which: fc.nat(5) },
  holdCommits: {},
  releaseCommit: {},
  release: {},
  failRead: {},
  fail: { commits: fc.integer({ min: 1, max: 2 }) },
  foreign: { room, count: fc.integer({ min: 1, max: 4 }) },
  tick: { ms: fc.constantFrom(500, 16_000) },
};

type Steps = typeof STEPS;
type Kind = keyof Steps;
type Value<T> = T extends fc.Arbitrary<infer V> ? V : never;
export type StepOf<K extends Kind> =
  & { kind: K; pause: number }
  & { [F in keyof Steps[K]]: Value<Steps[K][F]> };
export type Step = { [K in Kind]: StepOf<K> }[Kind];

const WEIGHTS: Partial<Record<Kind, number>> = {
  say: 10,
  flood: 2,
  greet: 3,
  resume: 4,
  join: 4,
  slow: 3,
  read: 4,
  releaseRead: 4,
  releaseCommit: 3,
  release: 2,
};

/** Steps; after each comes nothing, some microtasks, or a turn of the event loop. */
export const storm: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    ...(Object.keys(STEPS) as Kind[]).map((kind) => ({
      weight: WEIGHTS[kind] ?? 1,
      arbitrary: fc.record({
        kind: fc.constant(kind),
        pause: fc.constantFrom(0, 0, 1, 3, 99),
        ...STEPS[kind],
      }) as fc.Arbitrary<Step>,
    })),
  ),
  { minLength: 5, maxLength: 90, size: "max" },
);
