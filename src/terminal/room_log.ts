/** Puts messages where the person sees them: those of the place that is shown above the prompt, others aside until the person comes there. */
import { isMention } from "./announcer.ts";
import type { Context } from "./context.ts";
import { foldKey } from "./fold.ts";
import type { Marks } from "./marks.ts";
import {
  dayOf,
  newsLine,
  ruleLine,
  type Said,
  saidLines,
} from "./message_lines.ts";
import type { View, Waiting } from "./view.ts";

export class RoomLog {
  readonly #context: Context;
  readonly #marks: Marks;
  /** The day of what was printed last. */
  #day: string;

  constructor(context: Context, marks: Marks) {
    this.#context = context;
    this.#marks = marks;
    this.#day = dayOf(context.clock.wall());
  }

  /** The place that a message belongs to. */
  viewOf(message: Said): View {
    const { views, client } = this.#context;
    if (message.type === "chat") return views.open(message.room);
    const other = message.from === client.name ? message.to : message.from;
    return views.open(`@${other}`);
  }

  /** Whether nothing is to be heard of somebody. */
  isIgnored(name: string): boolean {
    return this.#context.memory.ignored.includes(foldKey(name));
  }

  /** Whether a message speaks to the person here. */
  aboutOf(message: Said): "mention" | "other" {
    const { name } = this.#context.client;
    return message.from !== name && isMention(message.txt, name)
      ? "mention"
      : "other";
  }

  /** Takes messages of one place, in order. `news`: where no mark says what was read already. */
  add(view: View, messages: readonly Said[], news: "new" | "by-mark"): void {
    const waiting = messages.filter(({ from }) => !this.isIgnored(from))
      .map((message) => ({ message, news: this.#newsOf(view, message, news) }));
    if (view === this.#context.views.current) {
      return this.#print(view, waiting, news === "by-mark" ? "marked" : "bare");
    }
    for (const one of waiting) view.keep(one, this.aboutOf(one.message));
    this.#context.host.changed();
  }

  /** Prints messages of any place, without noting that they were read: a page that was asked for. */
  show(messages: readonly Said[]): void {
    for (const message of messages) this.#printOne(message);
  }

  /** Goes to a place: shows its name and what waits there. */
  open(view: View | undefined): void {
    const { views, host, palette } = this.#context;
    const from = views.current;
    views.show(view);
    host.moved(from, view);
    host.changed();
    if (view === undefined) return;
    const topic = view.topic === "" ? "" : `: ${view.topic}`;
    host.print([
      ruleLine(`${views.numberOf(view)} ${view.name}${topic}`, palette),
    ]);
    this.showPeople(view);
    const { waiting, dropped } = view.take();
    if (dropped > 0) this.#context.note(`${dropped} more before: /history`);
    this.#print(view, waiting, "marked");
  }

  /** Says who is in a room, once. */
  showPeople(view: View): void {
    if (view.isEntered || view.isPrivate || view.people.size === 0) return;
    view.isEntered = true;
    const names = [...view.people.keys()];
    const shown = names.slice(0, 20).join(", ");
    const more = names.length > 20 ? ` and ${names.length - 20} more` : "";
    this.#context.note(`in ${view.name}: ${shown}${more}`);
  }

  #newsOf(
    view: View,
    { from, seq }: Said,
    news: "new" | "by-mark",
  ): Waiting["news"] {
    if (from === this.#context.client.name) return "known";
    if (news === "new" || view.isPrivate) {
      return seq > 0 && seq <= (view.read ?? 0) ? "known" : "new";
    }
    return view.read !== undefined && seq > view.read ? "new" : "known";
  }

  #print(
    view: View,
    waiting: readonly Waiting[],
    marks: "marked" | "bare",
  ): void {
    let isMarked = marks === "bare";
    for (const { message, news } of waiting) {
      if (news === "new" && !isMarked) {
        isMarked = true;
        this.#context.host.print([newsLine("new", this.#context.palette)]);
      }
      this.#printOne(message);
    }
    const last = waiting.at(-1)?.message.seq ?? 0;
    if (last > 0) this.#marks.read(view, last);
  }

  #printOne(message: Said): void {
    const { host, palette, lineOptions } = this.#context;
    const day = dayOf(message.at);
    if (day !== this.#day) {
      this.#day = day;
      host.print([ruleLine(day, palette)]);
    }
    host.print(saidLines(message, lineOptions, this.aboutOf(message)));
  }
}
