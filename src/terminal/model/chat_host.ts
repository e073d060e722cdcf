/** What the chat is given: a client, a place to show itself, a memory, and how it looks. */
import type { Clock } from "../../base/clock.ts";
import type { Client } from "../../client/client.ts";
import type { Ground, Palette } from "../screen/palette.ts";
import type { MemoryKeeper } from "./memory.ts";
import type { Meant, View } from "./view.ts";

/** What the chat needs of the client. */
export type ChatClient =
  & Pick<Client, "name" | "current" | "rooms" | "waiting" | "pingedAt">
  & Pick<Client, "request" | "tell" | "hasten" | "close">
  & Pick<Client, typeof Symbol.asyncIterator>;

/** Where the chat shows itself. */
export interface ChatHost {
  print(rows: readonly string[]): void;
  /** How wide a row may be; `Infinity` where nothing says so. */
  columns(): number;
  /** Sends something that takes no place on the screen: a bell, a notification. */
  signal(sequence: string): void;
  /** Something about the prompt or the hints is different. */
  changed(): void;
  /** The person goes from one place to another. */
  moved(from: View | undefined, to: View | undefined, how: Going): void;
  /** What is being typed. */
  typed(): string;
  /** What was entered for a place and could not be carried out comes back to be typed. */
  giveBack(view: View | undefined, text: string, meant: Meant): void;
  /** The person wants to leave, once what was said is sent. */
  leave(): void;
  /** Rows of the window. */
  rows(): number;
  /** Opens the history of a place at a seq, else before its end; not where there is no screen. */
  read?(place: string, at?: number): void;
}

/**
 * How one comes to a place: `chosen`, each place keeps what was being typed there; `followed` (where
 * a `/join` or `/leave` led), what is being typed goes along.
 */
export type Going = "chosen" | "followed";

export interface ChatOptions {
  readonly client: ChatClient;
  readonly host: ChatHost;
  readonly memory: MemoryKeeper;
  readonly clock: Clock;
  /** That of a terminal with colors stands for all of them. */
  readonly palette: Palette;
  /** What the environment says of the terminal. */
  readonly ground?: Ground | undefined;
  /** The server's address, under which things are remembered. */
  readonly address: string;
  /** The fingerprint of one's own key, under which it is remembered where one was. */
  readonly person?: string;
  /** The room that the person has asked for, instead of the last one. */
  readonly room?: string | undefined;
}
