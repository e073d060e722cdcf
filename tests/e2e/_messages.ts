// Messages as the wire has them, and patterns that tests wait for.

export interface Member {
  name: string;
  key?: string;
  guest?: boolean;
  role?: string;
}

/**
 * A message in either direction. What came from a server is as it came: the tests judge its fields.
 */
export interface Message {
  type: string;
  name?: string;
  room?: string;
  txt?: string;
  id?: string;
  from?: string;
  seq?: number;
  at?: number;
  code?: string;
  text?: string;
  key?: string;
  guest?: boolean;
  reason?: string;
  messages?: Message[];
  users?: Member[];
  rooms?: { name: string; people: number; topic?: string }[];
  commands?: { name: string; args: string; text: string }[];
  more?: boolean;
  older?: boolean;
  reset?: boolean;
  [field: string]: unknown;
}

/** Fields that a message must have with these values, or a condition. */
export type Pattern =
  | Record<string, unknown>
  | ((message: Message) => boolean);

export function matches(message: Message, pattern: Pattern): boolean {
  if (typeof pattern === "function") return pattern(message);
  return Object.entries(pattern).every(([name, value]) =>
    message[name] === value
  );
}

export function describe(pattern: Pattern): string {
  return typeof pattern === "function"
    ? String(pattern)
    : `a message with ${JSON.stringify(pattern)}`;
}

/** All that a message says of one room's sequence: itself, or what its page holds. */
export function numbered(message: Message): Message[] {
  if (message.type === "history") return message.messages ?? [];
  return message.seq === undefined || message.type === "read" ? [] : [message];
}

/** The numbers from `from` to `to`, both included. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

/**
 * Fails, with the first place where it is otherwise, unless these are the numbers from `from` to
 * `to`.
 */
export function assertCounts(seqs: number[], from: number, to: number): void {
  const wrong = seqs.findIndex((seq, i) => seq !== from + i);
  if (wrong >= 0) {
    const near = seqs.slice(Math.max(0, wrong - 2), wrong + 3);
    throw new Error(`number ${from + wrong} should be where ${near} is`);
  }
  const count = Math.max(0, to - from + 1);
  if (seqs.length !== count) {
    throw new Error(`${seqs.length} numbers from ${from}, expected ${count}`);
  }
}
