/** One line of a timeline. */
import { clockTime } from "../../text/render.ts";
import type { Chat } from "../model/chat.ts";
import type { Place } from "../model/place.ts";
import type { Line, SaidLine } from "../model/timeline.ts";
import { TextView } from "./text_view.tsx";

export interface LineProps {
  chat: Chat;
  place: Place;
  line: Line;
  /** The line above, for what is grouped. */
  before: Line | undefined;
}

/** Messages of one author within this time stand together. */
const GROUP_MS = 5 * 60_000;

export function LineView(props: LineProps) {
  const { line } = props;
  switch (line.kind) {
    case "said":
      return <Said {...props} line={line} />;
    case "gone":
      return <li class="line gone">This message was deleted.</li>;
    case "happened":
      return <li class="line happened">{line.text}</li>;
    case "note":
      return <li class={`line note ${line.tone}`}>{line.text}</li>;
    case "gap":
      return (
        <li class="line gap">
          {line.to - line.from + 1} messages are not shown
        </li>
      );
  }
}

function Said({ line, before }: LineProps & { line: SaidLine }) {
  const { message, at, author, isMention } = line;
  const isGrouped = before?.kind === "said" &&
    before.message.from === message.from && at - before.at < GROUP_MS &&
    !message.action && before.author === author;
  return (
    <li
      class={`line said ${isGrouped ? "grouped" : ""} ${
        isMention ? "mention" : ""
      } ${message.action ? "action" : ""}`}
    >
      <time dateTime={new Date(at).toISOString()}>{clockTime(at)}</time>
      {!isGrouped && <span class="from">{message.from}</span>}
      <div class="text">
        <TextView text={message.txt} />
      </div>
    </li>
  );
}
