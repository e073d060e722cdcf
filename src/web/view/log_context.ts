/** What the lines of a log have in common. */
import type { Signal } from "@preact/signals";
import type { Chat } from "../model/chat.ts";
import type { SaidLine } from "../model/line.ts";
import type { Place } from "../model/place.ts";

export type OnPerson = (name: string, key: string | undefined) => void;

export interface LogContext {
  readonly chat: Chat;
  readonly place: Place;
  /** Opens what there is of a person. */
  readonly onPerson: OnPerson;
  /** The keys of the lines that the pointer and the keyboard are at: their actions are shown. */
  readonly pointed: Signal<string>;
  readonly focused: Signal<string>;
  /** The key of the line that one has jumped to. */
  readonly sought: Signal<string>;
  /** Keys of lines with long texts that are shown as a whole. */
  readonly unfolded: Signal<ReadonlySet<string>>;
  /** What is to be deleted if the person confirms it. */
  readonly deleting: Signal<SaidLine | undefined>;
}
