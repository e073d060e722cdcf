/** How messages get before the person: printed where one is, kept elsewhere, nothing twice. */
import type { Clock } from "../../base/clock.ts";
import type { Request } from "../../client/client.ts";
import type { Author, KnownKeys } from "../../memory/known_keys.ts";
import { foldName } from "../../wire/fold.ts";
import type { Said, ServerMessage, Stored } from "../../wire/server.ts";
import type { AuthorMark, Printer } from "../screen/printer.ts";
import type { Gap } from "./seq_track.ts";
import type { View } from "./view.ts";
import { type Item, newIn, type Waiting } from "./waiting.ts";

/** Lines that are not new and are shown when one comes to a place. */
const SHOWN_BEFORE = 10;
/** Who only passes through a place does not have its last messages fetched. */
const FETCH_AFTER_MS = 200;

/** What is before the chat for a while: what would be printed waits behind it. */
export interface Covering {
  /** So much waits that messages are kept where they are, as in a place that is not shown. */
  readonly isFull: boolean;
  /** Messages of a place have come. */
  hear(
    view: View,
    messages: readonly Stored[],
    how: "live" | "replayed",
  ): void;
}

/** What it needs of the chat. */
interface Chat {
  readonly client: { readonly name: string };
  readonly clock: Clock;
  readonly host: { rows(): number; changed(): void };
  readonly views: { readonly current: View | undefined };
  readonly out: Printer;
  /** Rows that were printed so far. */
  readonly printed: number;
  readonly known: KnownKeys;
  /** Conversations that were not replayed, by folded name: up to where each was read. */
  readonly talks: ReadonlyMap<string, number>;
  readonly readMarks: { read(view: View, seq: number): void };
  ask(request: Request): Promise<ServerMessage>;
  isIgnored(author: Author): boolean;
  markOf(author: Author): AuthorMark;
  aboutOf(message: Said): "mention" | "other";
}

/** Something said, or what is missing at its place. */
export type Arrival = Said | { readonly gap: Gap };

export class Showing {
  readonly #chat: Chat;
  covering: Covering | undefined;
  /** What was printed behind that, and so is not seen yet. */
  readonly #unseen = new Map<View, number>();

  constructor(chat: Chat) {
    this.#chat = chat;
  }

  /** Takes messages of a place, in order; `by-mark`: those of a room are new as its mark says. */
  add(
    view: View,
    arrivals: readonly Arrival[],
    news: "new" | "by-mark",
    how: "live" | "replayed",
  ): void {
    const { covering } = this;
    const { views, host } = this.#chat;
    const items = arrivals.flatMap((one): Item[] =>
      "gap" in one ? [one] : this.#itemOf(view, one, news, how)
    );
    const heard = arrivals.flatMap((one) => "gap" in one ? [] : [one]);
    covering?.hear(view, heard, how);
    if (view === views.current && !covering?.isFull) {
      if (news === "new") return this.#print(view, items, "bare");
      return this.#printLast(view, [], items, 0);
    }
    for (const item of items) {
      const about = "message" in item
        ? this.#chat.aboutOf(item.message)
        : "other";
      view.keep(item, about);
    }
    host.changed();
  }

  /** The person comes to a place: what stood there last, if it is not on the screen, and the news. */
  open(view: View): void {
    const { host, printed } = this.#chat;
    const { items, dropped } = view.take();
    const stood = view.log.behind(printed - host.rows() + 1);
    this.#printLast(view, stood, items, dropped);
    if (view.isPrivate && view.log.isEmpty && !view.isFetched) {
      this.#chat.clock.after(FETCH_AFTER_MS, () => void this.#fetch(view));
    }
  }

  /** What a place has up to a seq is printed: it is read, or will be when the chat is seen. */
  seen(view: View, seq: number): void {
    const { readMarks } = this.#chat;
    if (this.covering === undefined) return readMarks.read(view, seq);
    this.#unseen.set(view, Math.max(seq, this.#unseen.get(view) ?? 0));
  }

  /** The chat is seen again. */
  uncover(): void {
    const { readMarks, views: { current } } = this.#chat;
    this.covering = undefined;
    for (const [view, seq] of this.#unseen) readMarks.read(view, seq);
    this.#unseen.clear();
    if (current !== undefined) this.#catchUp(current);
  }

  /** What came to the place where the person is while too much waited to be seen. */
  #catchUp(view: View): void {
    const { items, dropped } = view.take();
    this.#tellGap(view, dropped);
    this.#print(view, items, "ruled");
  }

  /** Prints the last of what stood in a place and of what is not new, then all that is. */
  #printLast(
    view: View,
    stood: readonly Item[],
    items: readonly Item[],
    dropped: number,
  ): void {
    const isNew = (item: Item) =>
      "gap" in item ? newIn(item.gap, view.read) > 0 : item.news === "new";
    const first = dropped > 0 ? 0 : items.findIndex(isNew);
    const known = first < 0 ? items : items.slice(0, first);
    const before = [...stood, ...known].slice(-SHOWN_BEFORE);
    const left = known.slice(0, -SHOWN_BEFORE);
    for (const item of known) view.log.add(item);
    // What is asked for by /history lies before what stands here now.
    if (stood.length + left.length > 0) view.oldest = undefined;
    if (left.length > 0) this.#tellAbove(left);
    this.#print(view, before, "bare");
    this.#tellGap(view, dropped);
    this.#print(view, items.slice(known.length), "ruled");
  }

  /** What is not printed is counted where all that a place has is here. */
  #tellAbove(left: readonly Item[]): void {
    const [first] = left;
    const isAll = first !== undefined && "message" in first &&
      first.message.seq === 1;
    const count = isAll ? `${left.length} ` : "";
    this.#chat.out.rule(`${count}more above: PgUp or /history`);
  }

  /** Prints items, or says once what is missing before them. */
  #print(view: View, items: readonly Item[], rule: "ruled" | "bare"): void {
    const { out } = this.#chat;
    let isRuled = rule === "bare";
    let last = 0;
    for (const item of items) {
      if ("gap" in item) {
        this.#tellGap(view, item.gap.to - item.gap.from + 1);
        view.log.add(item);
        continue;
      }
      const { message, news, author } = item;
      if (news === "new" && !isRuled) {
        isRuled = true;
        out.rule("new", "news");
      }
      out.said(message, this.#chat.aboutOf(message), author);
      view.log.add(item, this.#chat.printed);
      last = message.seq;
      if (last > 0) view.oldest = Math.min(view.oldest ?? last, last);
    }
    this.seen(view, last);
  }

  #tellGap(view: View, count: number): void {
    if (count === 0) return;
    this.#chat.out.rule(`${count} more above: PgUp or /history`);
    view.oldest = undefined;
  }

  #itemOf(
    view: View,
    message: Said,
    news: "new" | "by-mark",
    how: "live" | "replayed",
  ): Waiting[] {
    const author = this.#chat.known.authorOf(message, how);
    if (this.#chat.isIgnored(author)) return [];
    return [{
      message,
      news: this.#newsOf(view, message, news),
      author: this.#markIn(view, author),
    }];
  }

  #newsOf(
    view: View,
    { from, seq }: Said,
    news: "new" | "by-mark",
  ): Waiting["news"] {
    if (from === this.#chat.client.name) return "known";
    if (news === "new" || view.isPrivate) {
      return seq > 0 && seq <= (view.read ?? 0) ? "known" : "new";
    }
    return view.read !== undefined && seq > view.read ? "new" : "known";
  }

  /** Who has written in a place; names change hands, and a conversation goes by one. */
  #markIn(view: View, author: Author): AuthorMark {
    const isOther = view.isPrivate && author.name !== this.#chat.client.name;
    const isAnother = isOther && view.isAnother(author.key);
    const mark = this.#chat.markOf(author);
    return isAnother && mark === "other" ? "another" : mark;
  }

  /** The last messages of a conversation of which nothing is here, for one who is still there. */
  async #fetch(view: View): Promise<void> {
    const { views } = this.#chat;
    const isWanted = () => view.log.isEmpty && !view.isFetched;
    if (view !== views.current || !isWanted()) return;
    const request = { type: "history", room: view.name } as const;
    // Without an answer, or where the two have never talked, there is nothing to be shown.
    const page = await this.#chat.ask({ ...request, limit: SHOWN_BEFORE })
      .catch(() => undefined);
    if (page?.type !== "history" || !isWanted()) return;
    view.isFetched = true;
    const messages = page.messages.filter(isSaid);
    const first = messages[0]?.seq ?? 0;
    const read = this.#chat.talks.get(foldName(view.name));
    const gap = { from: (read ?? first) + 1, to: first - 1 };
    const arrivals = gap.to < gap.from ? messages : [{ gap }, ...messages];
    this.add(view, arrivals, "by-mark", "replayed");
    view.track.skipTo(page.messages.at(-1)?.seq ?? 0);
  }
}

export function isSaid(message: Stored): message is Said {
  return message.type === "chat" || message.type === "private";
}
