/** Messages as the entries that the reader shows, as they look in the chat. */
import { clockTime } from "../../text/render.ts";
import type { Said, Stored } from "../../wire/server.ts";
import type { ChatModel } from "../model/chat_model.ts";
import { TIMED_INDENT_CELLS, UNTIMED_INDENT_CELLS } from "../screen/printer.ts";
import type { Entry } from "./loaded.ts";

export class EntryMaker {
  readonly #model: ChatModel;

  constructor(model: ChatModel) {
    this.#model = model;
  }

  /** Columns before the second row of an entry. */
  get indent(): number {
    const { timestamps } = this.#model.memory.settings;
    return timestamps === "on" ? TIMED_INDENT_CELLS : UNTIMED_INDENT_CELLS;
  }

  /** The entry of a message that counts; one that is not shown has no lines. */
  of(message: Stored, how: "live" | "replayed"): Entry | undefined {
    const { seq } = message;
    if (seq === undefined || seq < 1) return undefined;
    if (message.type === "gone") return this.gone(seq, message.at);
    if (message.type === "deleted" || message.type === "unknown") {
      const at = message.type === "deleted" ? message.at : 0;
      return { seq, at, lines: [], text: "" };
    }
    const { from, txt, at } = message;
    return {
      seq,
      at,
      lines: this.#linesOf(message, how),
      text: `${from} ${txt}`,
    };
  }

  /** What stands in the place of a message that was deleted. */
  gone(seq: number, at: number): Entry {
    const { palette, memory } = this.#model;
    const stamp = memory.settings.timestamps === "on"
      ? `[${clockTime(at)}] `
      : "";
    const line = palette.style("dim", `${stamp}(deleted)`);
    return { seq, at, lines: [line], text: "" };
  }

  #linesOf(message: Said, how: "live" | "replayed"): string[] {
    const model = this.#model;
    const author = model.known.authorOf(message, how);
    if (model.isIgnored(author)) return [];
    const lines: string[] = [];
    // Of the same day, so that it is not named.
    const printer = model.printerTo({
      print: (printed) => lines.push(...printed),
      columns: () => Infinity,
      now: () => message.at,
    });
    printer.said(message, model.aboutOf(message), model.markOf(author));
    return lines;
  }
}
