/** How many people come next, and into which rooms. Pure. */

/** People in a room, when the number of rooms is not given. */
export const ROOM_PEOPLE = 50;
/** Few people say little: the first steps are 10, 50, 100, 500, … */
const STEPS = [1, 5] as const;
const FIRST_STEP = 10;
/** From here on each step is half as many again: letting people in is what takes the time. */
const COARSE_UP_TO = 1_000;
const GROWTH = 1.5;
/** A gap between what holds and what does not that is not worth another try. */
const CLOSE_ENOUGH = 1.25;

export interface Sharing {
  readonly thread: number;
  readonly threads: number;
  /** Rooms in all; 0 for rooms of {@linkcode ROOM_PEOPLE}. */
  readonly rooms: number;
}

/** The room of each of a thread's people, in the order of their coming. */
export function shareOf(
  people: number,
  { thread, threads, rooms }: Sharing,
): number[] {
  const own: number[] = [];
  for (let person = 0; person < people; person++) {
    const room = rooms > 0 ? person % rooms : Math.floor(person / ROOM_PEOPLE);
    if (room % threads === thread) own.push(room);
  }
  return own;
}

/** How many rooms so many people are in. */
export function roomsOf(people: number, rooms: number): number {
  return rooms > 0 ? Math.min(rooms, people) : Math.ceil(people / ROOM_PEOPLE);
}

export interface Known {
  /** Most people that were held; 0 for none yet. */
  readonly held: number;
  /** Fewest that were not. */
  readonly notHeld?: number;
  readonly most: number;
  /** How many can come in the time that is left. */
  readonly affordable: number;
}

/** How many people to try next; `undefined` when enough is known, or no time is left for more. */
export function nextStep(
  { held, notHeld, most, affordable }: Known,
): number | undefined {
  if (notHeld !== undefined) {
    if (held === 0 || notHeld / held <= CLOSE_ENOUGH) return undefined;
    const middle = roundDown((held + notHeld) / 2);
    return middle > held && middle <= affordable ? middle : undefined;
  }
  const wanted = Math.min(following(held), most, roundDown(affordable));
  const isWorthIt = wanted === most || wanted >= CLOSE_ENOUGH * held;
  return wanted > held && isWorthIt ? wanted : undefined;
}

/** 10, 50, 100, 500, 1,000, then half as many again each time. */
function following(held: number): number {
  if (held >= COARSE_UP_TO) return roundDown(GROWTH * held);
  for (let decade = FIRST_STEP;; decade *= 10) {
    const step = STEPS.find((step) => step * decade > held);
    if (step !== undefined) return step * decade;
  }
}

/** Two leading digits. */
export function roundDown(count: number): number {
  if (!Number.isFinite(count)) return count;
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(count)) - 1);
  return Math.floor(count / unit) * unit;
}
