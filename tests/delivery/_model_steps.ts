/** What may happen to a delivery, as a property test draws it. */
import fc from "fast-check";

export const ROOMS = ["den", "attic", "@ann+bob"] as const;
export const PEOPLE = ["ann", "bob", "cid"];
/** Connections at once. */
export const MOST = 6;

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
export type StepOf<K extends Kind> =
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
