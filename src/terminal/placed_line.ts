/** The line being typed, and for whom it is meant: nothing that is typed goes anywhere else. */
import { enterLine } from "./commands/commands.ts";
import type { InputLine } from "./input/input_line.ts";
import type { Key } from "./input/keys.ts";
import type { Going } from "./model/chat_host.ts";
import type { ChatModel } from "./model/chat_model.ts";
import { doubtsOf, meantNow } from "./model/meant.ts";
import type { Meant, View } from "./model/view.ts";
import { cellsOfText } from "./screen/cells.ts";

/** What a person may do about what is asked. */
const ANSWERS = "Enter again sends, Ctrl+C clears";

export class PlacedLine {
  readonly #model: ChatModel;
  readonly #line: InputLine;
  /** For whom what stands in the line is meant, while something does. */
  #meant: Meant | undefined;
  /** Whether the person has typed all of that here. */
  #isTyped = true;
  /** What was asked about the line: the same Enter again is the answer. */
  #asked = "";

  constructor(model: ChatModel, line: InputLine) {
    this.#model = model;
    this.#line = line;
  }

  get text(): string {
    return this.#line.editor.text;
  }

  /** What is being typed for the place, but for a command that was put in its place. */
  get draft(): string {
    return this.#line.draft;
  }

  /** Takes a key, whose action (if it has one) `act` carries out. */
  press(key: Key, act: (action: string) => void): void {
    const before = this.text;
    const action = this.#line.press(key);
    if (action !== "enter") this.#asked = "";
    if (action !== undefined) act(action);
    const { text } = this;
    const isSeen = isTyping(key) || text.length <= before.length + 1;
    this.#isTyped = text === "" || (this.#isTyped && isSeen);
    this.#meant = text === ""
      ? undefined
      : this.#meant ?? meantNow(this.#model);
  }

  /** Carries the line out, or asks first, in hints of so many columns. */
  enter(columns: number): void {
    const { text } = this;
    const meant = this.#meant ?? meantNow(this.#model);
    const isTyped = this.#isTyped;
    const how = isTyped ? "typed" : "otherwise";
    const doubt = doubtsOf(this.#model, text, meant, how).join("; ");
    if (doubt !== this.#asked && doubt !== "") {
      this.#asked = doubt;
      return this.#line.notice(...fitTwo(`${doubt}: `, ANSWERS, columns));
    }
    this.#asked = "";
    // Gone before it is carried out: going to another room must not take it along.
    this.#line.sent();
    this.#meant = this.text === "" ? undefined : meant;
    if (!enterLine(this.#model, text)) this.#put(text, meant, isTyped);
  }

  /** One is in another place: what was typed stays behind, or goes along. */
  moved(from: View | undefined, to: View | undefined, how: Going): void {
    const text = this.draft;
    if (how === "chosen" && from !== undefined) {
      from.draft = text;
      from.draftMeant = this.#meant;
      from.kept = "";
    } else if (from !== undefined && from !== to && from.draft === text) {
      // It goes along.
      from.draft = "";
    }
    const { draft = "", draftMeant, kept = "" } = to ?? {};
    const waiting = [draft, kept].find((one) => one !== "" && one !== text);
    if (how === "chosen") {
      this.#put(draft, draftMeant, draft === "");
    } else if (text === "") {
      const meant = waiting === draft ? draftMeant : undefined;
      this.#put(waiting ?? "", meant, waiting === undefined);
    } else if (waiting !== undefined) {
      this.#line.editor.offer(waiting);
      this.#line.notice(`Ctrl+Y brings what you had typed in ${to!.name}`);
    }
    if (to === undefined) return;
    to.draft = "";
    to.draftMeant = undefined;
    to.kept = "";
  }

  /** What was entered for a place stands before what is being typed there. */
  giveBack(view: View | undefined, text: string, meant: Meant): void {
    if (view === undefined || view === this.#model.views.current) {
      return this.#put(joined(text, this.draft), meant, false);
    }
    view.draft = joined(text, view.draft);
    view.draftMeant = meant;
  }

  #put(text: string, meant: Meant | undefined, isTyped: boolean): void {
    this.#line.begin(text);
    this.#meant = text === "" ? undefined : meant;
    this.#isTyped = isTyped;
  }
}

/** Two parts of a hint in one line, or in two where they do not fit. */
export function fitTwo(first: string, second: string, columns: number) {
  const both = first + second;
  return cellsOfText(both) < columns ? [both] : [first.trimEnd(), second];
}

function joined(...texts: readonly string[]): string {
  return texts.filter((text) => text !== "").join("\n");
}

/** Whether what a key adds is seen as it comes, and is no text that was there already. */
function isTyping(key: Key): boolean {
  return key.kind === "text" || (key.kind === "key" && key.name === "tab");
}
