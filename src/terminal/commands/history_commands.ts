/** `/history`: what was said before in the place that one looks at, page by page. */
import { ConfabError, UsageError } from "../../base/errors.ts";
import { given } from "../../base/given.ts";
import { HISTORY_PAGE_MESSAGES } from "../../base/limits.ts";
import type { ChatModel } from "../model/chat_model.ts";
import { IN_NO_ROOM } from "../model/lost_places.ts";
import { showHistory } from "../model/pages.ts";
import type { LocalCommand } from "./local_command.ts";

/** Messages of a page that is asked for without a number. */
const PAGE_MESSAGES = 50;

export const HISTORY_COMMANDS: readonly LocalCommand[] = [{
  name: "history",
  args: "[N]",
  text: "show what was said before that, again: further back; or the last N",
  run: history,
}];

async function history(model: ChatModel, args: string): Promise<void> {
  const view = model.views.current;
  if (view === undefined) throw new ConfabError("no-room", IN_NO_ROOM);
  const limit = args === "" ? PAGE_MESSAGES : Number(args);
  if (!/^\d*$/.test(args) || limit < 1 || limit > HISTORY_PAGE_MESSAGES) {
    const usage = `usage: /history N, from 1 to ${HISTORY_PAGE_MESSAGES}`;
    throw new UsageError(usage);
  }
  const before = args === "" ? view.oldest : undefined;
  if (before === 1) {
    return model.out.note(
      `that is where ${view.name} begins; /history N shows the last N again`,
    );
  }
  const page = await model.ask({
    ...{ type: "history", room: view.name, limit },
    ...given({ before }),
  });
  if (page.type !== "history") return;
  const which = before === undefined ? "last" : "older";
  showHistory(model, view, page, which);
}
