/** The lines of a log that are in the page. */
import type { RefObject } from "preact";
import { dayName, dayOf } from "../model/day.ts";
import type { Line, PendingLine } from "../model/line.ts";
import { LineView } from "./line_view.tsx";
import type { LogContext } from "./log_context.ts";
import type { Part } from "./log_window.ts";
import { PendingView } from "./pending_view.tsx";
import type { LogRows } from "./use_log_window.ts";

/** Messages of one author within this time stand together. */
const GROUP_MS = 5 * 60_000;

interface RowsProps {
  listRef: RefObject<HTMLOListElement | null>;
  context: LogContext;
  rows: LogRows;
  part: Part;
}

export function RowsView({ listRef, context, rows, part }: RowsProps) {
  const { from, to, above, below } = part;
  const { chat, place } = context;
  const isSpared = chat.settings.value.coming === "hidden";
  const firstNew = firstNewOf(context);
  const now = chat.clock.wall();
  const views = [];
  for (let index = from; index < to; index++) {
    const line = rows.at(index);
    if (line === undefined) break;
    if (line.kind === "pending") {
      views.push(<PendingView key={line.key} log={context} line={line} />);
      continue;
    }
    const before = rows.at(index - 1);
    const isNewDay = before === undefined ||
      dayOf(before.at) !== dayOf(line.at);
    const isFirstNew = index === firstNew;
    const above = isSpared && before?.kind === "coming"
      ? rows.at(index - 2)
      : before;
    views.push(
      <LineView
        key={line.key}
        log={context}
        line={line}
        day={isNewDay ? dayName(line.at, now) : undefined}
        isFirstNew={isFirstNew}
        isGrouped={!isNewDay && !isFirstNew && isGrouped(line, above)}
      />,
    );
  }
  return (
    <ol
      ref={listRef}
      aria-label={place.title.value}
      style={{ paddingTop: `${above}px`, paddingBottom: `${below}px` }}
    >
      {views}
    </ol>
  );
}

/** The index of the first line behind what was read; -1 when it is not there. */
function firstNewOf({ place: { newAfter, timeline } }: LogContext): number {
  const after = newAfter.value;
  if (after === undefined) return -1;
  const index = timeline.indexOf(after + 1);
  return index === 0 && timeline.hasOlder.value ? -1 : index;
}

function isGrouped(line: Line, above: Line | PendingLine | undefined): boolean {
  return line.kind === "said" && above?.kind === "said" &&
    line.message.from === above.message.from &&
    line.message.key === above.message.key && line.author === above.author &&
    line.at - above.at < GROUP_MS &&
    !line.message.action && !above.message.action;
}
