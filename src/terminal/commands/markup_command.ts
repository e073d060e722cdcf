/** The command that shows what can be done with marks in a text. */
import { markupToAnsi } from "../../text/ansi.ts";
import { COLOR_NAMES } from "../../text/markup.ts";
import type { ChatModel } from "../model/chat_model.ts";
import type { LocalCommand } from "./local_command.ts";

const EXAMPLES = [
  "*bold*",
  "_italic_",
  "`code`",
  ":tada:",
  "[red]red[/red]",
  "[blue]a *bold* word[/blue]",
] as const;
/** Cells of the widest of them. */
const TYPED_CELLS = 26;

export const MARKUP_COMMAND: LocalCommand = {
  name: "markup",
  args: "",
  text: "show the marks that make text bold, or a color",
  run(model) {
    model.out.rows(EXAMPLES.map((typed) => rowOf(model, typed)));
    model.out.note(
      `colors: ${COLOR_NAMES.join(", ")}; nothing is read in code`,
    );
  },
};

/** What is typed, and what others see. */
function rowOf({ palette, memory }: ChatModel, typed: string): string {
  const { colors } = memory.settings;
  const colorOf = colors === "on" ? palette.text : undefined;
  const shown = markupToAnsi(typed, palette.color, { colorOf });
  return `* ${typed.padEnd(TYPED_CELLS)}  ${shown}`;
}
