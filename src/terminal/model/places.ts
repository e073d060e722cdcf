/** The places that a person has open: remembered while the program runs, opened at the next start. */
import type { Clock } from "../../base/clock.ts";
import { foldName } from "../../wire/fold.ts";
import {
  type LastPrivate,
  type SessionChange,
  type SessionMemory,
  withChange,
} from "./session_memory.ts";
import type { Meant, View } from "./view.ts";
import type { Views } from "./views.ts";

/** How long it takes at most until what is typed is remembered, and where one has gone. */
const SAVE_LATER_MS = 3_000;
const SAVE_SOON_MS = 300;

export interface PlacesOptions {
  readonly views: Views;
  readonly clock: Clock;
  /** What is being typed where the person is. */
  readonly typed: () => string;
  /** As it was at the start. */
  readonly session: SessionMemory;
  /** The room that was asked for at the start, in the place of the last one. */
  readonly asked: string | undefined;
  /** Who said something privately last, if it is another than then. */
  readonly lastPrivate: () => LastPrivate | undefined;
  readonly save: (edit: (session: SessionMemory) => SessionMemory) => void;
}

export class Places {
  readonly #options: PlacesOptions;
  /** Folded names of what was open when it was remembered last. */
  #known: ReadonlySet<string>;
  /** By folded name: what was typed there and not sent, as it was remembered last. */
  #drafts: ReadonlyMap<string, string>;
  /** Folded names of rooms of before that have not come since the start. */
  readonly #awaited: Set<string>;
  #saveAt = Infinity;
  #cancel = () => {};

  constructor(options: PlacesOptions) {
    const { views, session } = options;
    this.#options = options;
    this.#known = new Set(session.places.map(({ name }) => foldName(name)));
    this.#awaited = new Set(this.#known);
    for (const { name, draft = "" } of session.places) {
      const view = views.open(name);
      view.draft = draft;
      // Nobody knows whose that name is by now.
      const isUnsure = view.isPrivate && draft !== "";
      view.draftMeant = isUnsure ? meantBefore(view) : undefined;
    }
    this.#drafts = this.#draftsNow();
  }

  /** How many rooms and conversations are open since the last start. */
  get restored(): { readonly rooms: number; readonly conversations: number } {
    const { places } = this.#options.session;
    const rooms = places.filter(({ name }) => !name.startsWith("@")).length;
    return { rooms, conversations: places.length - rooms };
  }

  /** Where the person is to be, when the server says in which room the connection is. */
  first(room: string): View | undefined {
    const { views, session, asked } = this.#options;
    const { current = "" } = session;
    if (asked === undefined && current.startsWith("@")) {
      const conversation = views.find(current);
      if (conversation !== undefined) return conversation;
    }
    return room === "" ? views.all[0] : views.open(room);
  }

  /** Whether a room of before has not come since the start. */
  isAwaited(name: string): boolean {
    return this.#awaited.has(foldName(name));
  }

  /** One is in a room. */
  came(name: string): void {
    this.#awaited.delete(foldName(name));
  }

  // ---- Remembering ----

  /** The person has typed, or sent what was typed; somebody has said something privately. */
  saveLater(): void {
    this.#later(SAVE_LATER_MS);
  }

  /** Places were opened or closed, or the person has gone to another. */
  saveSoon(): void {
    this.#later(SAVE_SOON_MS);
  }

  /** Remembers it now: it is over. */
  flush(): void {
    this.#cancel();
    this.#saveAt = Infinity;
    this.#options.save(this.#change());
  }

  #later(ms: number): void {
    const { clock } = this.#options;
    const at = clock.monotonic() + ms;
    if (at >= this.#saveAt) return;
    this.#cancel();
    this.#saveAt = at;
    this.#cancel = clock.after(ms, () => this.flush());
  }

  #change(): (session: SessionMemory) => SessionMemory {
    const { views, lastPrivate } = this.#options;
    const open = views.all.filter(isKept).map(({ name }) => name);
    const now = new Set(open.map(foldName));
    const drafts = this.#draftsNow();
    // Those of others, which run at the same time, stay.
    const changed = [...drafts].filter(([key, draft]) =>
      draft !== (this.#drafts.get(key) ?? "")
    );
    const change: SessionChange = {
      open,
      closed: new Set([...this.#known].filter((key) => !now.has(key))),
      drafts: new Map(changed),
      current: views.current?.name,
      lastPrivate: lastPrivate(),
    };
    this.#known = now;
    this.#drafts = drafts;
    return (session) => withChange(session, change);
  }

  /** What is typed in each place, by its folded name. */
  #draftsNow(): Map<string, string> {
    const { views, typed } = this.#options;
    return new Map(
      views.all.map((view) => [
        foldName(view.name),
        view === views.current ? typed() : view.draft,
      ]),
    );
  }
}

/** For who had a name at the last start. */
function meantBefore(view: View): Meant {
  return { view, name: view.name, changes: -1, order: undefined };
}

/** A room that one was thrown out of does not come back, unless something is typed there. */
function isKept({ state, draft, kept }: View): boolean {
  return state === "open" || draft !== "" || kept !== "";
}
