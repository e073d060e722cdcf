/**
 * What a client remembers of one server: how far its rooms were read, and who was verified there.
 * The terminal keeps it in a file, the page in the browser's database.
 */
import { wordsOfFingerprint } from "../secure/fingerprint.ts";
import { foldName } from "../wire/fold.ts";

/** Servers choose the names of rooms: a longer one has no mark. */
const NAME_CHARS = 256;
/** Places whose marks are remembered; the least recent are forgotten. */
const MARKS = 100;

/** A person whose fingerprint was compared. */
export interface Verified {
  readonly name: string;
  /** `SHA256:…` */
  readonly key: string;
  /** ISO 8601. */
  readonly at: string;
}

/** What is remembered of one server, under its address. */
export interface ServerMemory {
  /** Up to which seq each room was read. */
  readonly read: Readonly<Record<string, number>>;
  readonly verified: readonly Verified[];
}

export const NOTHING_KNOWN: ServerMemory = { read: {}, verified: [] };

/** The memory of a server with places read anew, which are the most recent then. */
export function withRead(
  server: ServerMemory,
  marks: Readonly<Record<string, number>>,
): ServerMemory {
  const known = Object.entries(server.read)
    .filter(([name]) => !Object.hasOwn(marks, name));
  const fresh = Object.entries(marks)
    .filter(([name]) => name.length <= NAME_CHARS);
  const read = [...known, ...fresh].slice(-MARKS);
  return { ...server, read: Object.fromEntries(read) };
}

/** Up to which seq a room was read; a room may be called like what every object has. */
export function readOf(
  { read }: ServerMemory,
  room: string,
): number | undefined {
  return Object.hasOwn(read, room) ? read[room] : undefined;
}

/** Somebody as the server shows them. */
export interface Shown {
  readonly name: string;
  /** `SHA256:…`; guests have none. */
  readonly key?: string;
}

type Keyed = Required<Shown>;

/** Whether somebody was verified: with this key, or as somebody else. */
export function standingOf(
  { name, key }: Shown,
  verified: readonly Verified[],
): "verified" | "changed" | "unknown" {
  const known = verified.find((one) => foldName(one.name) === foldName(name));
  if (known !== undefined && known.key !== key) return "changed";
  return key !== undefined && verified.some((one) => one.key === key)
    ? "verified"
    : "unknown";
}

/** The list with a person verified anew. */
export function withVerified(
  verified: readonly Verified[],
  { name, key }: Keyed,
  now: Date,
): Verified[] {
  const others = verified.filter((one) =>
    one.key !== key && foldName(one.name) !== foldName(name)
  );
  return [...others, { name, key, at: now.toISOString() }];
}

/** What both people read to each other. */
export function comparison(own: Keyed, other: Keyed): string {
  return `you, ${own.name}: ${wordsOfFingerprint(own.key)}
${other.name}: ${wordsOfFingerprint(other.key)}
read both to each other, face to face or on the phone; \
when they are the same there: /verify ${other.name} yes`;
}

/** What was stored, made whole: what is missing or wrong in it is as in the beginning. */
export function readServerMemory(value: unknown): ServerMemory {
  const given = recordOf(value);
  const read = Object.entries(recordOf(given.read))
    .filter(([, seq]) => Number.isSafeInteger(seq));
  const verified = arrayOf(given.verified).map(recordOf).filter((one) =>
    [one.name, one.key, one.at].every((part) => typeof part === "string")
  );
  return {
    read: Object.fromEntries(read),
    verified,
  } as unknown as ServerMemory;
}

export function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Record<string, unknown>
    : {};
}

export function arrayOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
