/** What the directory has of a person, and what becomes of it when that person is to be forgotten. */
import { given } from "../base/given.ts";
import type {
  Directory,
  DirectoryRecord,
  RecordWrite,
} from "../store/store.ts";
import type {
  ConversationRecord,
  LookRecord,
  NameRecord,
  RoomRecord,
  SanctionRecord,
} from "./record_kinds.ts";
import { foldName } from "../wire/fold.ts";

/** Records that are read at a time. */
const PAGE = 500;

/**
 * The writes that remove a person: its record, names and their looks, marks, blocks, its roles,
 * what waits for it, and that others have something of it to read; of topics and lists what
 * was said under a name that it has.
 * Bans and mutes of it stay, and others' blocks: they keep out who comes back.
 *
 * @param person the fingerprint.
 */
export function forgetPerson(
  directory: Directory,
  person: string,
): RecordWrite[] {
  const writes: RecordWrite[] = [];
  const put = (record: DirectoryRecord, value: unknown, until?: number) => {
    const { kind, key, version: expectedVersion } = record;
    writes.push({ kind, key, expectedVersion, value, ...given({ until }) });
  };
  for (const kind of ["person", "read", "away", "admitted", "admin"]) {
    const record = directory.record(kind, person);
    if (record !== undefined) put(record, null);
  }
  for (const kind of ["inbox", "request", "block"]) {
    for (const record of all(directory, kind, `${person} `)) put(record, null);
  }
  const names = new Set<string>();
  for (const record of all(directory, "name")) {
    if ((record.value as NameRecord).person !== person) continue;
    names.add(record.key);
    put(record, null);
  }
  for (const record of all(directory, "look")) {
    const { names: alike } = record.value as LookRecord;
    const others = alike.filter((name) => !names.has(name));
    if (others.length === alike.length) continue;
    put(record, others.length === 0 ? null : { names: others });
  }
  for (const record of all(directory, "invited")) {
    if (record.key.endsWith(` ${person}`)) put(record, null);
  }
  for (const record of all(directory, "room")) {
    const value = withoutPerson(record.value as RoomRecord, person, names);
    if (value !== undefined) put(record, value);
  }
  for (const kind of ["ban", "mute", "server-ban"]) {
    for (const record of all(directory, kind)) {
      const { by, why: _why, ...rest } = record.value as SanctionRecord;
      if (isCalled(by, names)) put(record, rest, rest.until);
    }
  }
  for (const record of all(directory, "talk")) {
    const [, ...people] = record.key.split(" ");
    if (!people.includes(person)) continue;
    const value = withoutPart(record.value as ConversationRecord, person);
    if (value !== undefined) put(record, value);
    const other = people.find((one) => one !== person);
    for (const kind of other === undefined ? [] : ["inbox", "request"]) {
      const unread = directory.record(kind, `${other} ${record.key}`);
      if (unread !== undefined) put(unread, null);
    }
  }
  return writes;
}

/** The fingerprint of who holds a name, by its folded form. */
export function holderOf(
  directory: Directory,
  folded: string,
): string | undefined {
  return (directory.record("name", folded)?.value as NameRecord | undefined)
    ?.person;
}

function* all(
  directory: Directory,
  kind: string,
  prefix = "",
): Generator<DirectoryRecord> {
  let after: string | undefined;
  for (;;) {
    const page = directory.list(kind, prefix, PAGE, after);
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)!.key;
  }
}

/** Whether somebody who is named has one of these names, which are folded. */
function isCalled(name: string | undefined, names: ReadonlySet<string>) {
  return name !== undefined && names.has(foldName(name));
}

/** A room's record without a person's roles and topic, or `undefined` when it had none there. */
function withoutPerson(
  room: RoomRecord,
  person: string,
  names: ReadonlySet<string>,
): RoomRecord | undefined {
  const { creator, operators, topic, ...rest } = room;
  const isTopics = isCalled(topic?.by, names);
  if (creator !== person && !operators?.includes(person) && !isTopics) {
    return undefined;
  }
  return {
    ...rest,
    ...creator === undefined || creator === person ? {} : { creator },
    ...operators && { operators: operators.filter((one) => one !== person) },
    ...topic === undefined || isTopics ? {} : { topic },
  };
}

/** A conversation's record without a person's part, or `undefined` when it had none there. */
function withoutPart(
  { wrote, waiting, read }: ConversationRecord,
  person: string,
): ConversationRecord | undefined {
  const hasPart = wrote?.includes(person) || waiting?.[person] !== undefined ||
    read?.[person] !== undefined;
  if (!hasPart) return undefined;
  const others = <T>(record: Readonly<Record<string, T>>) =>
    Object.fromEntries(
      Object.entries(record).filter(([key]) => key !== person),
    );
  return {
    ...wrote && { wrote: wrote.filter((one) => one !== person) },
    ...waiting && { waiting: others(waiting) },
    ...read && { read: others(read) },
  };
}
