/** Commands about words that a person looks out for. */
import { UsageError } from "../../base/errors.ts";
import { need } from "../../text/command_words.ts";
import { withHighlight, withoutHighlight } from "../model/highlights.ts";
import type { LocalCommand } from "./local_command.ts";

export const HIGHLIGHT_COMMANDS: readonly LocalCommand[] = [
  {
    name: "highlight",
    args: "[WORD]",
    text: "be called by a word as by your name; alone it lists them",
    run(model, args) {
      const { highlights } = model.memory;
      if (args === "") {
        const all = highlights.join(", ");
        return model.out.note(
          all === ""
            ? "only your name calls you: /highlight WORD adds a word"
            : `besides your name you are called by: ${all}`,
        );
      }
      // Judged before it is remembered, which happens later.
      withHighlight(highlights, args);
      model.remembered.change((memory) => ({
        ...memory,
        highlights: withHighlight(memory.highlights, args),
      }));
      model.out.note(
        `"${args}" calls you now; /unhighlight ${args} ends it`,
      );
    },
  },
  {
    name: "unhighlight",
    args: "WORD",
    text: "be called by a word no more",
    run(model, args) {
      const word = need(args, "/unhighlight WORD");
      const { highlights } = model.memory;
      if (withoutHighlight(highlights, word).length === highlights.length) {
        throw new UsageError(
          `"${word}" does not call you: /highlight lists what does`,
        );
      }
      model.remembered.change((memory) => ({
        ...memory,
        highlights: withoutHighlight(memory.highlights, word),
      }));
      model.out.note(`"${word}" does not call you any more`);
    },
  },
];
