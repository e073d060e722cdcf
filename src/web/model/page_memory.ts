/** What the page remembers from one visit to the next; where, its keeper knows. */
import {
  arrayOf,
  readServerMemory,
  recordOf,
  type ServerMemory,
} from "../../memory/server_memory.ts";
import { readSettings, type Settings } from "./settings.ts";

/** Rooms whose drafts are remembered, and how much of each. */
const DRAFTS = 100;
const DRAFT_CHARS = 20_000;
/** Emoji that are offered again: two rows of them. */
const EMOJI = 16;

export interface PageMemory extends ServerMemory {
  readonly settings: Settings;
  /** As `src/memory/ignored.ts` has them. */
  readonly ignored: readonly string[];
  /** What was being typed, by the name of the place. */
  readonly drafts: Readonly<Record<string, string>>;
  /** The names of the emoji that were picked, the last one first. */
  readonly emoji: readonly string[];
  /** Where one was when the page was left. */
  readonly rooms: readonly string[];
  /** The conversations that were open, each `@` and a name. */
  readonly talks: readonly string[];
  readonly current?: string;
}

/** Keeps the memory; other tabs change it, too. */
export interface PageMemoryKeeper {
  readonly memory: PageMemory;
  /** Changes it, here at once. Never rejects: what cannot be stored is lost with the tab. */
  change(edit: (memory: PageMemory) => PageMemory): void;
  /**
   * The page may be gone in a moment: what waits is stored now, without a look at what other tabs
   * have stored meanwhile.
   */
  flush(): void;
  /** Calls back when another tab has changed it. */
  onChange(callback: () => void): void;
}

/** What was stored, made whole. */
export function readPageMemory(value: unknown): PageMemory {
  const given = recordOf(value);
  const drafts = Object.entries(recordOf(given.drafts)).filter(isText);
  return {
    ...readServerMemory(value),
    settings: readSettings(given.settings),
    ignored: textsOf(given.ignored),
    drafts: Object.fromEntries(drafts),
    emoji: textsOf(given.emoji).slice(0, EMOJI),
    rooms: textsOf(given.rooms),
    talks: textsOf(given.talks).filter((name) => name.startsWith("@")),
    ...typeof given.current === "string" ? { current: given.current } : {},
  };
}

/** The memory with what is being typed somewhere, which is the most recent then. */
export function withDraft(
  memory: PageMemory,
  place: string,
  draft: string,
): PageMemory {
  const others = Object.entries(memory.drafts)
    .filter(([name]) => name !== place);
  const mine = draft === "" ? [] : [[place, draft.slice(0, DRAFT_CHARS)]];
  const drafts = [...others, ...mine].slice(-DRAFTS);
  return { ...memory, drafts: Object.fromEntries(drafts) };
}

/** The memory with an emoji that was picked. */
export function withEmoji(memory: PageMemory, name: string): PageMemory {
  const others = memory.emoji.filter((one) => one !== name);
  return { ...memory, emoji: [name, ...others].slice(0, EMOJI) };
}

export function draftOf({ drafts }: PageMemory, place: string): string {
  return Object.hasOwn(drafts, place) ? drafts[place]! : "";
}

function textsOf(value: unknown): string[] {
  return arrayOf(value).filter((one) => typeof one === "string");
}

function isText(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === "string";
}
