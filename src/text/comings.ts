/** People who come and go, told in one line. */

const STATES = [
  "joined",
  "left",
  "came and went",
  "left and came back",
] as const;

export interface Coming {
  readonly name: string;
  readonly is: typeof STATES[number];
  /** Why, where only this one is told of: ` (kicked)`. */
  readonly why: string;
}

/** Names that are told of each state; the others are counted. */
const NAMES_TOLD = 3;
/** More people do not share a line. */
export const COMINGS_FOLDED = 200;

/** The comings with one more; somebody who came before and goes now is told once. */
export function withComing(
  comings: readonly Coming[],
  { name, is, why }: Coming,
): readonly Coming[] {
  const before = comings.find((one) => one.name === name);
  if (before === undefined) return [...comings, { name, is, why }];
  const others = comings.filter((one) => one !== before);
  return [...others, { name, is: stateAfter(before.is, is), why: "" }];
}

function stateAfter(before: Coming["is"], now: Coming["is"]): Coming["is"] {
  const wasHere = before === "left" || before === "left and came back";
  if (now === "joined") return wasHere ? "left and came back" : "joined";
  return wasHere ? "left" : "came and went";
}

/** `ann, bob and 3 others joined; carol left`. */
export function describeComings(comings: readonly Coming[]): string {
  const why = comings.length === 1 ? comings[0]!.why : "";
  const parts = STATES.flatMap((state) => {
    const names = comings.filter(({ is }) => is === state)
      .map(({ name }) => name);
    return names.length === 0 ? [] : [`${listNames(names)} ${state}`];
  });
  return parts.join("; ") + why;
}

function listNames(names: readonly string[]): string {
  if (names.length === 1) return names[0]!;
  const told = names.length <= NAMES_TOLD
    ? names.slice(0, -1)
    : names.slice(0, NAMES_TOLD - 1);
  const rest = names.length - told.length;
  const last = rest === 1 ? names.at(-1)! : `${rest} others`;
  return `${told.join(", ")} and ${last}`;
}
