/**
 * What people have not read of their conversations: how far each has read, which conversations went
 * on since, and how much of strangers waits for somebody. A stranger to somebody is who writes to
 * one that has never written back.
 */
import { ProtocolError } from "../base/errors.ts";
import { given } from "../base/given.ts";
import {
  CONVERSATIONS_LISTED,
  WAITING_PRIVATE_MESSAGES,
  WAITING_SENDERS,
} from "../base/limits.ts";
import type { Core, Somebody } from "./core.ts";
import type { ConversationRecord } from "./record_kinds.ts";

/** How long the time of an unread conversation may be out of date. */
const UNREAD_PRECISION_MS = 60_000;

/** Kinds of records of an unread conversation: with one it knows, and with a stranger. */
type UnreadKind = "inbox" | "request";
const KINDS: readonly UnreadKind[] = ["inbox", "request"];

export class Unread {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Conversations that a person has not read to the end, the newest first. */
  of(person: string): string[] {
    const { records } = this.#core;
    const prefix = `${person} `;
    return KINDS.flatMap((kind) =>
      records.list(kind, prefix, CONVERSATIONS_LISTED)
    ).sort((a, b) => b.value.at - a.value.at)
      .map(({ key }) => key.slice(prefix.length));
  }

  markOf(person: string, conversation: string): number {
    return this.#core.records.get("talk", conversation)?.read?.[person] ?? 0;
  }

  /** A person has read a conversation up to a seq. */
  mark(person: string, conversation: string, seq: number): void {
    const { records, rooms } = this.#core;
    const record = records.get("talk", conversation);
    if (record === undefined) return;
    const read = { ...record.read, [person]: seq };
    const left = Math.max(0, rooms.headOf(conversation) - seq);
    const waiting = limited(record.waiting, person, left);
    records.putLater("talk", conversation, {
      ...record,
      read,
      ...given({ waiting }),
    });
    if (left > 0) return;
    for (const kind of KINDS) {
      records.removeLater(kind, `${person} ${conversation}`);
    }
  }

  /** What waited for a person in a conversation is brought to it. */
  delivered(conversation: string, receiver: string): void {
    const { records } = this.#core;
    const record = records.get("talk", conversation);
    const waiting = limited(record?.waiting, receiver, 0);
    if (waiting === undefined || waiting === record?.waiting) return;
    records.putLater("talk", conversation, { ...record, waiting });
  }

  /**
   * Somebody is about to say something in a conversation.
   *
   * @throws {ProtocolError} `limit-reached` when too much waits for the other, or `not-stored`.
   */
  note(conversation: string, sender: string, receiver: Somebody): void {
    const { records } = this.#core;
    const key = receiver.key!;
    const record = records.get("talk", conversation);
    const isStranger = isUnknown(record, key) && key !== sender;
    const waits = key !== sender && !receiver.person?.isReachable;
    if (waits) demandPlace(record, sender, receiver);
    if (isStranger) this.#demandRequest(conversation, receiver);
    this.#notePeople(conversation, record, sender, waits);
    this.#touch(isStranger ? "request" : "inbox", key, conversation);
    if (key === sender) return;
    // Who writes back knows the other from now on.
    records.removeLater("request", `${sender} ${conversation}`);
    this.#touch("inbox", sender, conversation);
  }

  /** So many strangers may wait to be read, whether one is here or not. */
  #demandRequest(conversation: string, { key, name }: Somebody): void {
    const { records } = this.#core;
    if (records.get("request", `${key} ${conversation}`) !== undefined) return;
    const requests = records.list("request", `${key} `, WAITING_SENDERS);
    if (requests.length < WAITING_SENDERS) return;
    throw new ProtocolError(
      "limit-reached",
      `messages of ${WAITING_SENDERS} people are waiting for ${name}: say it when ${name} has read them`,
    );
  }

  /** Notes who wrote, and how many messages of each wait. */
  #notePeople(
    conversation: string,
    record: ConversationRecord | undefined,
    sender: string,
    waits: boolean,
  ): void {
    const wrote = record === undefined
      ? [sender]
      : record.wrote?.includes(sender) === false
      ? [...record.wrote, sender]
      : record.wrote;
    // What the sender had to read it has read by now.
    const before = limited(record?.waiting, sender, 0);
    const waiting = waits
      ? { ...before, [sender]: (before?.[sender] ?? 0) + 1 }
      : before;
    const isSame = record !== undefined && wrote === record.wrote &&
      waiting === record.waiting;
    if (isSame) return this.#core.records.demandStoring();
    this.#core.records.put("talk", conversation, {
      ...record,
      ...given({ wrote, waiting }),
    });
  }

  /** Notes that a person has something to read. */
  #touch(kind: UnreadKind, person: string, conversation: string): void {
    const { records, now } = this.#core;
    const key = `${person} ${conversation}`;
    const at = records.get(kind, key)?.at ?? -Infinity;
    if (at + UNREAD_PRECISION_MS > now.wall) return;
    records.put(kind, key, { at: now.wall });
  }
}

/** Whether somebody has never written in a conversation. */
function isUnknown(
  record: ConversationRecord | undefined,
  key: string,
): boolean {
  if (record === undefined) return true;
  return record.wrote !== undefined && !record.wrote.includes(key);
}

/**
 * The counts when at most so many messages wait for a receiver; the same object when nothing changes.
 */
function limited(
  waiting: ConversationRecord["waiting"],
  receiver: string,
  most: number,
): ConversationRecord["waiting"] {
  const all = Object.entries(waiting ?? {});
  const isOver = ([sender, count]: [string, number]) =>
    sender !== receiver && count > most;
  if (!all.some(isOver)) return waiting;
  const rest = all.map((one): [string, number] =>
    isOver(one) ? [one[0], most] : one
  );
  return Object.fromEntries(rest.filter(([, count]) => count > 0));
}

/** So much may wait of each for the other. */
function demandPlace(
  record: ConversationRecord | undefined,
  sender: string,
  { name }: Somebody,
): void {
  const waiting = record?.waiting?.[sender] ?? 0;
  if (waiting < WAITING_PRIVATE_MESSAGES) return;
  const text =
    `${WAITING_PRIVATE_MESSAGES} messages of yours are waiting for ${name}: more can be said when they were read`;
  throw new ProtocolError("limit-reached", text);
}
