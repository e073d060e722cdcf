/**
 * Checks what the members of one room are given: each message once, in the order of its seq, with
 * the text that was said. Pure: it is told what happens, and tells what is wrong.
 */

export type FaultKind =
  | "missing"
  | "repeated"
  | "out of order"
  | "wrong text"
  | "not acknowledged"
  | "acknowledged wrongly"
  | "ended";

/** A delivery that is not as promised. */
export interface Fault {
  readonly kind: FaultKind;
  readonly member: string;
  readonly room: string;
  /** The message's number in the room, where there is one. */
  readonly seq?: number;
  /** What happened, in words. */
  readonly text: string;
}

/** Seqs that are missing of a member and still waited for; a larger gap is a fault at once. */
const GAP_MAX = 1_024;
/** After so many new messages those are forgotten that every member has. */
const FORGET_EVERY = 1_024;

/** A message, from being said until every member has it. */
interface Said {
  readonly author: string;
  readonly text: string;
  /** In the milliseconds of whoever says it. */
  readonly at: number;
  seq?: number;
}

interface Member {
  /** Every seq below is here, or missing. */
  next: number;
  /** Left out when later ones came. */
  readonly missing: Set<number>;
  /** Own messages that were acknowledged before what stands ahead of them was here. */
  readonly ahead: Set<number>;
  /** Highest seq of an own message that came as a message. */
  ownHeard: number;
  /** Own messages without an answer, by their ids. */
  readonly pending: Map<string, Said>;
}

export class RoomChecker {
  readonly room: string;
  readonly #onFault: (fault: Fault) => void;
  readonly #members = new Map<string, Member>();
  readonly #byText = new Map<string, Said>();
  readonly #bySeq = new Map<number, Said>();
  /** Highest seq that anybody has heard of. */
  #head = 0;
  #sinceForgotten = 0;

  constructor(room: string, onFault: (fault: Fault) => void) {
    this.room = room;
    this.#onFault = onFault;
  }

  /** A member comes in, and has all up to the seq `head`. */
  enter(member: string, head: number): void {
    this.#head = Math.max(this.#head, head);
    this.#members.set(member, {
      next: head + 1,
      missing: new Set(),
      ahead: new Set(),
      ownHeard: head,
      pending: new Map(),
    });
  }

  /** A member is not looked at any more. */
  leave(member: string): void {
    this.#members.delete(member);
  }

  /** A member says a text that nobody has said in the room before. */
  said(member: string, id: string, text: string, at: number): void {
    const said: Said = { author: member, text, at };
    this.#byText.set(text, said);
    this.#members.get(member)?.pending.set(id, said);
    if (++this.#sinceForgotten >= FORGET_EVERY) this.#forget();
  }

  /** A member's message with this id was acknowledged. */
  acked(member: string, id: string, seq: number): void {
    const state = this.#members.get(member);
    if (state === undefined) return;
    const said = state.pending.get(id);
    if (said === undefined) {
      const text = "an acknowledgement came for nothing that waits for one";
      return this.#fault("acknowledged wrongly", member, seq, text);
    }
    state.pending.delete(id);
    if (!this.#isAt(member, seq, said)) return;
    if (state.missing.delete(seq)) {
      const text = "the acknowledgement came after later messages";
      return this.#fault("out of order", member, seq, text);
    }
    if (seq < state.next) {
      // One that is behind may have been fed its own message before.
      if (state.ownHeard >= seq) return;
      const text = "it is acknowledged with a seq that another message had";
      return this.#fault("acknowledged wrongly", member, seq, text);
    }
    if (seq > state.next) state.ahead.add(seq);
    else this.#advance(state);
  }

  /**
   * A message came to a member.
   *
   * @returns when it was said, for one that is new to the member and right.
   */
  heard(member: string, seq: number, text: string): number | undefined {
    const state = this.#members.get(member);
    if (state === undefined) return undefined;
    if (seq < state.next) return this.#heardLate(member, state, seq, text);
    if (seq > state.next) this.#gap(member, state, seq);
    this.#advance(state);
    const said = this.#byText.get(text);
    if (said === undefined) {
      const words = `nobody said ${JSON.stringify(text.slice(0, 40))} there`;
      this.#fault("wrong text", member, seq, words);
      return undefined;
    }
    if (said.author === member) state.ownHeard = seq;
    return this.#isAt(member, seq, said) ? said.at : undefined;
  }

  /** Whether everybody has everything. */
  get isComplete(): boolean {
    for (const { next, missing, pending } of this.#members.values()) {
      if (next <= this.#head || missing.size > 0 || pending.size > 0) {
        return false;
      }
    }
    return true;
  }

  /** Tells what is not there and will not come any more. */
  endWaiting(): void {
    for (const [member, state] of this.#members) {
      for (const { text } of state.pending.values()) {
        const words = `${JSON.stringify(text.slice(0, 40))} has no answer`;
        this.#fault("not acknowledged", member, undefined, words);
      }
      for (let seq = state.next; seq <= this.#head; seq++) {
        if (!state.ahead.has(seq)) state.missing.add(seq);
        if (state.missing.size >= GAP_MAX) break;
      }
      for (const seq of state.missing) {
        const text = `the room is at message ${this.#head}`;
        this.#fault("missing", member, seq, text);
      }
      state.next = this.#head + 1;
      for (const waiting of [state.missing, state.ahead, state.pending]) {
        waiting.clear();
      }
    }
  }

  #heardLate(member: string, state: Member, seq: number, text: string) {
    if (state.missing.delete(seq)) {
      const words = `it came after message ${state.next - 1}`;
      this.#fault("out of order", member, seq, words);
      return undefined;
    }
    const isOwn = this.#bySeq.get(seq)?.author === member &&
      this.#byText.get(text)?.seq === seq;
    // Acknowledged already, and fed to a member that is behind.
    if (isOwn && seq > state.ownHeard) state.ownHeard = seq;
    else this.#fault("repeated", member, seq, "it was there already");
    return undefined;
  }

  /** Notes what was left out before `seq`; that much can still come, and is out of order then. */
  #gap(member: string, state: Member, seq: number): void {
    if (seq - state.next > GAP_MAX) {
      const text = `messages up to ${seq - 1} were left out`;
      this.#fault("missing", member, state.next, text);
      state.next = seq;
    }
    for (; state.next < seq; state.next++) {
      if (!state.ahead.delete(state.next)) state.missing.add(state.next);
    }
  }

  /** The next message is here, and those behind it that were acknowledged already. */
  #advance(state: Member): void {
    state.next++;
    while (state.ahead.size > 0 && state.ahead.delete(state.next)) state.next++;
    this.#head = Math.max(this.#head, state.next - 1);
  }

  /** Whether a message has the same seq for everybody, and the seq the same message. */
  #isAt(member: string, seq: number, said: Said): boolean {
    this.#head = Math.max(this.#head, seq);
    const known = this.#bySeq.get(seq);
    if (said.seq === seq && known === said) return true;
    if (said.seq === undefined && known === undefined) {
      said.seq = seq;
      this.#bySeq.set(seq, said);
      return true;
    }
    const text = "others have another message there";
    this.#fault("wrong text", member, seq, text);
    return false;
  }

  /** Forgets the messages that everybody has. */
  #forget(): void {
    this.#sinceForgotten = 0;
    let least = Infinity;
    for (const { next, missing } of this.#members.values()) {
      least = Math.min(least, next, ...missing);
    }
    for (const [seq, { text }] of this.#bySeq) {
      if (seq >= least - FORGET_EVERY) continue;
      this.#bySeq.delete(seq);
      this.#byText.delete(text);
    }
  }

  #fault(
    kind: FaultKind,
    member: string,
    seq: number | undefined,
    text: string,
  ): void {
    const at = seq === undefined ? {} : { seq };
    this.#onFault({ kind, member, room: this.room, ...at, text });
  }
}
