/** What was measured, in plain words, as a table, and as JSON. Pure. */
import type { Measured } from "./measure.ts";
import { isHeld, type Measurement, WITHIN_MS } from "./measurement.ts";
import { ROOM_PEOPLE, roomsOf, roundDown } from "./plan.ts";

/** What was asked for. */
export interface Asked {
  readonly people: number;
  readonly perMinute: number;
  readonly seconds: number;
  readonly isSealed: boolean;
}

/** A thread that is busy for more than this has no time left. */
const BUSY = 0.9;
/** What a system says when a process may open no more files. */
const NO_FILES = /too many open files|os error (?:23|24)\b|EMFILE|ENFILE/i;
/** What it says when loopback has no port left to connect from. */
const NO_PORTS = /os error 99\b|EADDRNOTAVAIL|cannot assign requested address/i;

/** The most people that were held; `undefined` when not even the fewest were. */
export function best({ steps }: Measured): Measurement | undefined {
  return steps.filter(isHeld).toSorted((a, b) => b.people - a.people)[0];
}

/** The answer, as paragraphs of plain words. */
export function answer(measured: Measured, asked: Asked): string[] {
  const held = best(measured);
  const lines = [held === undefined ? nothing(measured) : holds(held)];
  if (held !== undefined) {
    lines[0] = `${capacity(measured, held, asked)}: ${lines[0]}`;
  }
  const end = ending(measured, asked);
  if (end !== undefined) lines.push(end);
  const { hall } = measured;
  if (hall !== undefined) {
    lines.push(
      `In one room of ${whole(hall.people)} people that is full of talk, ${
        rounded(hall.deliveriesPerSecond)
      } messages a second are delivered.`,
    );
  }
  lines.push(
    "Server and simulated people shared this machine: with people elsewhere there is more room.",
  );
  return lines;
}

function capacity(
  { stop }: Measured,
  { people, rooms }: Measurement,
  { perMinute }: Asked,
): string {
  const about = stop === "slow" ? "about" : "at least";
  const count = stop === "slow" ? roundDown(people) : people;
  const where = rooms === 1
    ? "in one room"
    : `in rooms of ${whole(roomSize(people, rooms))}`;
  return `This machine can hold ${about} ${
    whole(count)
  } people talking ${where} (${rate(perMinute)} each)`;
}

/** People in each room, but for the last. */
function roomSize(people: number, rooms: number): number {
  return rooms === roomsOf(people, 0) ? ROOM_PEOPLE : Math.ceil(people / rooms);
}

function rate(perMinute: number): string {
  const seconds = 60 / perMinute;
  if (Number.isInteger(seconds) && seconds > 1) {
    return `a message every ${seconds} s`;
  }
  return perMinute === 1
    ? "a message a minute"
    : `${whole(perMinute)} messages a minute`;
}

function holds({ p50Ms, p99Ms }: Measurement): string {
  return `half of the messages arrive within ${ms(p50Ms)}, 99 of 100 within ${
    ms(p99Ms)
  }.`;
}

function nothing({ steps: [first], stop }: Measured): string {
  if (first === undefined) {
    const why = stop === "time" ? ": there was no time for it" : "";
    return `Nothing was measured${why}.`;
  }
  return `This machine cannot hold even ${
    whole(first.people)
  } people: 99 of 100 messages arrive within ${
    ms(first.p99Ms)
  }, and ${WITHIN_MS} ms are wanted.`;
}

/** Why it stopped there. */
function ending(measured: Measured, asked: Asked): string | undefined {
  const { stop, refused = "", steps } = measured;
  if (steps.length === 0 && stop === "time") return undefined;
  switch (stop) {
    case "slow":
      return tooMany(measured);
    case "people":
      return `There was room for more: only ${
        whole(asked.people)
      } were tried (--people).`;
    case "time":
      return `There was room for more: the time was over (--seconds ${asked.seconds}).`;
    case "halted":
      return "It was stopped before its end.";
    case "refused":
      return noMore(refused);
    case "faults":
      return undefined;
  }
}

function tooMany(measured: Measured): string | undefined {
  const over = measured.steps.filter((step) => !isHeld(step))
    .toSorted((a, b) => a.people - b.people)[0];
  if (over === undefined) return undefined;
  const { people, p99Ms, isComplete, serverBusy = 1, crowdBusy = 0 } = over;
  const what = isComplete
    ? `99 of 100 messages took up to ${ms(Math.max(p99Ms, over.lateMs))}`
    : "messages arrived more slowly than they were said";
  const whose = crowdBusy > BUSY && serverBusy < BUSY
    ? " The simulated people were busier than the server, which may hold more."
    : "";
  return `With ${whole(people)} people ${what}.${whose}`;
}

function noMore(refused: string): string {
  if (NO_FILES.test(refused)) {
    return "The limit of open files let nobody more in (each person takes two here, one on either side): see ulimit -n.";
  }
  if (NO_PORTS.test(refused)) {
    return "The system had no free port left for another connection on loopback.";
  }
  return `Nobody more could come in: ${refused}.`;
}

/** A row for each step, in the order of people, with a heading. */
export function table({ steps, hall }: Measured): string[] {
  const rows = [...steps].sort((a, b) => a.people - b.people);
  if (hall !== undefined) rows.push(hall);
  const cells = rows.map((row) => [
    row === hall ? `${whole(row.people)} *` : whole(row.people),
    whole(row.rooms),
    rounded(row.messagesPerSecond),
    rounded(row.deliveriesPerSecond),
    row.p50Ms.toFixed(1),
    row.p99Ms.toFixed(1),
    percent(row.serverBusy),
    percent(row.crowdBusy),
    row.processors.toFixed(2),
    row.heapKibEach === undefined ? "-" : row.heapKibEach.toFixed(1),
  ]);
  const lines = columns([HEADING, ...cells]);
  return hall === undefined ? lines : [
    ...lines,
    "* one room, each message said as soon as there is room for it",
  ];
}

const HEADING = [
  "people",
  "rooms",
  "said/s",
  "delivered/s",
  "p50 ms",
  "p99 ms",
  "server CPU",
  "people CPU",
  "processors",
  "KiB each",
];

/** Cells in columns, to the right. */
function columns(rows: readonly string[][]): string[] {
  const widths = rows[0]!.map((_, at) =>
    Math.max(...rows.map((row) => row[at]!.length))
  );
  return rows.map((row) =>
    row.map((cell, at) => cell.padStart(widths[at]!)).join("  ")
  );
}

/** What was wrong, on one line; `undefined` when nothing was. */
export function faultLine({ faults }: Measured): string | undefined {
  const [first] = faults.first;
  if (first === undefined) return undefined;
  const { kind, member, room, seq, text } = first;
  const message = seq === undefined ? "" : `, message ${seq}`;
  const count = faults.count === 1
    ? "a delivery was wrong"
    : `${whole(faults.count)} deliveries were wrong, the first`;
  return `${count}: ${kind}, ${member} in ${room}${message}: ${text}`;
}

/** One object with everything, figures as they are. */
export function json(
  measured: Measured,
  asked: Asked,
  version: string,
): Record<string, unknown> {
  const { steps, hall, stop, refused, faults, seconds } = measured;
  const figures = (step: Measurement) =>
    Object.fromEntries(
      Object.entries({ ...step, isHeld: isHeld(step) }).map((
        [name, value],
      ) => [name, typeof value === "number" ? round3(value) : value]),
    );
  const held = best(measured);
  return {
    version,
    people: held?.people ?? 0,
    isAtLeast: stop !== "slow",
    stop,
    ...refused === undefined ? {} : { refused },
    p50Ms: held === undefined ? null : round3(held.p50Ms),
    p99Ms: held === undefined ? null : round3(held.p99Ms),
    withinMs: WITHIN_MS,
    perMinute: asked.perMinute,
    sealed: asked.isSealed,
    steps: steps.map(figures),
    room: hall === undefined ? null : figures(hall),
    faults: faults.first,
    faultCount: faults.count,
    seconds: round3(seconds),
  };
}

function whole(count: number): string {
  return Math.round(count).toLocaleString("en");
}

/** Three leading digits: more were not measured. */
function rounded(count: number): string {
  const unit = 10 **
    Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 2);
  return whole(Math.round(count / unit) * unit);
}

function round3(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : whole(value)} ms`;
}

function percent(share: number | undefined): string {
  return share === undefined ? "-" : `${Math.round(100 * share)} %`;
}
