/** The lines of a timeline. */
import type { HelpRow, Said, Stored } from "../../wire/server.ts";
import type { Coming } from "../../text/comings.ts";

/**
 * Whether the author is who it seems to be: not (`impostor`) where the name is that of a person who
 * was verified, with another key; `another` has another key than who wrote there before.
 */
export type AuthorMark = "impostor" | "another" | "other";

/** What is said of the author, as the terminal says it. */
export const MARK_WORDS: Readonly<Record<AuthorMark, string>> = {
  impostor: "(not the one you verified)",
  another: "(another key than before)",
  other: "",
};

/** Who seems to have said something, and that they are not, where only words tell. */
export function markedName(from: string, mark: AuthorMark): string {
  return `${from} ${MARK_WORDS[mark]}`.trimEnd();
}

interface LineBase {
  /** Unique in its timeline, and the same for as long as the line is there. */
  readonly key: string;
  /** Milliseconds UTC. */
  readonly at: number;
  /** Its own, or that of the message behind which it belongs. */
  readonly seq: number;
}

/** Something that was said and has a place in the order. */
export interface SaidLine extends LineBase {
  readonly kind: "said";
  readonly message: Said;
  readonly author: AuthorMark;
  readonly isOwn: boolean;
  readonly isMention: boolean;
}

/** In the place of what was deleted. */
export interface GoneLine extends LineBase {
  readonly kind: "gone";
}

/** Somebody is called something else, a topic was set. */
export interface HappenedLine extends LineBase {
  readonly kind: "happened";
  readonly text: string;
}

/** People came and went; one can be spared of it. */
export interface ComingLine extends LineBase {
  readonly kind: "coming";
  readonly comings: readonly Coming[];
}

/** What the page itself says, or what the server answers a command. */
export interface NoteLine extends LineBase {
  readonly kind: "note";
  readonly text: string;
  readonly tone: "info" | "error" | "alarm";
  /** Commands that are explained, in the place of a text. */
  readonly commands?: readonly HelpRow[];
}

/** Messages that were not sent, from and to a seq. */
export interface GapLine extends LineBase {
  readonly kind: "gap";
  readonly from: number;
  readonly to: number;
}

export type Line =
  | SaidLine
  | GoneLine
  | HappenedLine
  | ComingLine
  | NoteLine
  | GapLine;
export type StoredLine = SaidLine | GoneLine;

/** What one has said and what is not in the order yet. */
export interface PendingLine {
  readonly kind: "pending";
  readonly key: string;
  readonly at: number;
  readonly text: string;
  readonly action: boolean;
  /** Why it was not sent; `undefined` while it may still be. */
  readonly failed: string | undefined;
}

export function isStored(line: Line | PendingLine): line is StoredLine {
  return line.kind === "said" || line.kind === "gone";
}

/** The key of a message's line, wherever it is. */
export function keyOfSeq(seq: number): string {
  return `s${seq}`;
}

export function isSaid(message: Stored): message is Said {
  return message.type === "chat" || message.type === "private";
}
