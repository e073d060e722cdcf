/**
 * What is remembered of where a person was at a server: the places in their order, the one that was
 * shown, what was being typed. Several programs of one person may run at once: each adds what it
 * has open, and takes away only what it has closed itself.
 */
import { RESUME_MAX_ROOMS } from "../../base/limits.ts";
import { arrayOf, recordOf } from "../../memory/server_memory.ts";
import { foldName } from "../../wire/fold.ts";

/** Conversations that come back; of more, those that were opened last. */
const CONVERSATIONS = 50;
/** Servers choose the names of rooms: a longer one does not come back. */
const NAME_CHARS = 256;
/** All drafts of a session together; what does not fit is not remembered. */
const DRAFTS_CHARS = 65_536;

/** A room, or `@` and a name. */
export interface RememberedPlace {
  readonly name: string;
  /** What was typed there and not sent. */
  readonly draft?: string;
}

/** Who said something privately last, and what tells later whether the name is still theirs. */
export interface LastPrivate {
  readonly name: string;
  /** `SHA256:…`; guests have none. */
  readonly key?: string;
  /** Of that message in the conversation; 0 where it is not stored. */
  readonly seq: number;
  /** When that was, in milliseconds UTC. */
  readonly at: number;
}

export interface SessionMemory {
  readonly places: readonly RememberedPlace[];
  /** The name of the place that was shown last. */
  readonly current?: string;
  readonly lastPrivate?: LastPrivate;
}

export const NOWHERE: SessionMemory = { places: [] };

/** What one program has to say of a session. */
export interface SessionChange {
  /** What it has open, in order. */
  readonly open: readonly string[];
  /** Folded names of what it had open and has closed. */
  readonly closed: ReadonlySet<string>;
  /** By folded name: what was typed since it last said so, there or nothing. */
  readonly drafts: ReadonlyMap<string, string>;
  readonly current: string | undefined;
  readonly lastPrivate: LastPrivate | undefined;
}

/** The session with a change: what others have open stays, behind one's own. */
export function withChange(
  { places, current, lastPrivate }: SessionMemory,
  change: SessionChange,
): SessionMemory {
  const before = new Map(places.map((one) => [foldName(one.name), one]));
  const open = change.open.map((name) => [foldName(name), name] as const);
  const own = new Set(open.map(([key]) => key));
  const others = [...before].flatMap(([key, { name }]) =>
    own.has(key) || change.closed.has(key) ? [] : [[key, name] as const]
  );
  const all = [...open, ...others].map(([key, name]) => ({
    name,
    draft: change.drafts.get(key) ?? before.get(key)?.draft ?? "",
  }));
  return madeOf(
    all,
    change.current ?? current,
    change.lastPrivate ?? lastPrivate,
  );
}

/** What the first `hello` says to be where one was; another `room` may be asked for besides. */
export function helloOf(
  { places, current }: SessionMemory,
): { readonly room?: string; readonly rooms?: readonly string[] } {
  if (places.length === 0) return {};
  const rooms = places.map(({ name }) => name).filter(isRoom);
  const room = rooms.find((name) => name === current) ?? rooms[0] ?? "";
  return { room, rooms };
}

/** What a file holds, made whole: what is missing or wrong in it is as in the beginning. */
export function readSession(value: unknown): SessionMemory {
  const given = recordOf(value);
  const places = arrayOf(given.places).map(recordOf).flatMap((one) =>
    typeof one.name === "string"
      ? [{ name: one.name, draft: textOf(one.draft) }]
      : []
  );
  const { name, key, seq, at } = recordOf(given.lastPrivate);
  const lastPrivate = typeof name !== "string" ? undefined : {
    name,
    seq: numberOf(seq),
    at: numberOf(at),
    ...(typeof key === "string" ? { key } : {}),
  };
  return madeOf(places, textOf(given.current) || undefined, lastPrivate);
}

/** A session within its bounds. */
function madeOf(
  places: readonly Required<RememberedPlace>[],
  current: string | undefined,
  lastPrivate: LastPrivate | undefined,
): SessionMemory {
  const named = places.filter(({ name }) =>
    name !== "" && name.length <= NAME_CHARS
  );
  const rooms = named.filter(({ name }) => isRoom(name));
  const conversations = named.filter(({ name }) => !isRoom(name));
  const kept = new Set([
    ...rooms.slice(0, RESUME_MAX_ROOMS),
    ...conversations.slice(-CONVERSATIONS),
  ]);
  let chars = 0;
  const bounded = named.filter((one) => kept.has(one)).map(
    ({ name, draft }): RememberedPlace => {
      if (draft === "" || chars + draft.length > DRAFTS_CHARS) return { name };
      chars += draft.length;
      return { name, draft };
    },
  );
  return {
    places: bounded,
    ...(current === undefined ? {} : { current }),
    ...(lastPrivate === undefined ? {} : { lastPrivate }),
  };
}

function isRoom(name: string): boolean {
  return !name.startsWith("@");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function numberOf(value: unknown): number {
  return Number.isSafeInteger(value) ? value as number : 0;
}
