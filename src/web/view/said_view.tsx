/** A message, who said it, and what can be done with it. */
import { useComputed } from "@preact/signals";
import { clockTime, dateOf } from "../../text/render.ts";
import { foldName } from "../../wire/fold.ts";
import { fullTime } from "../model/day.ts";
import { MARK_WORDS, type SaidLine } from "../model/line.ts";
import { hueOf } from "../model/look_of_text.ts";
import { isAnother } from "../model/person_actions.ts";
import { Icon } from "./icon.tsx";
import type { LogContext } from "./log_context.ts";
import { FoldedText } from "./text_view.tsx";

interface SaidProps {
  log: LogContext;
  line: SaidLine;
  isGrouped: boolean;
}

export function SaidView({ log, line, isGrouped }: SaidProps) {
  const { message, at, isMention, isOwn, key } = line;
  const isActive = useComputed(() =>
    log.pointed.value === key || log.focused.value === key
  );
  const kinds = [
    ...isGrouped ? ["grouped"] : [],
    ...isMention ? ["mention"] : [],
    ...isOwn ? ["own"] : [],
    ...message.action ? ["action"] : [],
  ];
  return (
    <article class={`said ${kinds.join(" ")}`}>
      <time dateTime={dateOf(at).toISOString()} title={fullTime(at)}>
        {clockTime(at)}
      </time>
      {isGrouped && <span class="hidden">{message.from}:</span>}
      {!isGrouped && !message.action && (
        <p class="author">
          <Author log={log} line={line} />
        </p>
      )}
      <div class="text" dir="auto">
        {message.action && <Author log={log} line={line} />}
        <FoldedText text={message.txt} id={key} unfolded={log.unfolded} />
      </div>
      {isActive.value && <Actions log={log} line={line} />}
    </article>
  );
}

function Author({ log, line }: Omit<SaidProps, "isGrouped">) {
  const { from, key } = line.message;
  // Not of the key: not every message brings it, and a name keeps its colour.
  const hue = hueOf(foldName(from));
  const mark = MARK_WORDS[line.author];
  return (
    <>
      <button
        type="button"
        class={`from hue-${hue}`}
        tabIndex={-1}
        onClick={() => log.onPerson(from, key)}
      >
        {from}
      </button>
      {log.chat.isVerified(from, key) && (
        <span
          class="verified"
          role="img"
          aria-label="verified"
          title="verified"
        >
          <Icon name="check" />
        </span>
      )}
      {mark !== "" && <em class="mark">{mark}</em>}
      {line.message.action && " "}
    </>
  );
}

function Actions({ log, line }: Omit<SaidProps, "isGrouped">) {
  const { chat, place, deleting } = log;
  const { from, txt, key } = line.message;
  const isElsewhere = !line.isOwn && place.name !== `@${from}`;
  return (
    <div class="actions" role="group" aria-label={`Message of ${from}`}>
      <button
        type="button"
        class="icon"
        aria-label="Copy the text"
        title="Copy the text"
        onClick={() => copy(log, txt)}
      >
        <Icon name="copy" />
      </button>
      {isElsewhere && (
        <button
          type="button"
          class="icon"
          aria-label={`Message ${from}`}
          title={`Message ${from}`}
          onClick={() =>
            key !== undefined && isAnother(chat, { name: from, key })
              ? log.onPerson(from, key)
              : chat.go(chat.open(`@${from}`))}
        >
          <Icon name="reply" />
        </button>
      )}
      {mayDelete(log, line) && (
        <button
          type="button"
          class="icon"
          aria-label="Delete the message"
          title="Delete the message"
          onClick={() => deleting.value = line}
        >
          <Icon name="trash" />
        </button>
      )}
    </div>
  );
}

function copy({ chat }: LogContext, text: string): void {
  navigator.clipboard.writeText(text).then(
    () => chat.host.say("copied"),
    (error) => chat.fault(error),
  );
}

/** Own words; those of others by who has a role in the room or on the server. */
function mayDelete({ chat, place }: LogContext, { isOwn }: SaidLine): boolean {
  const own = place.people.value.find(({ name }) => name === chat.name.value);
  return isOwn || !place.isPrivate &&
      (chat.isAdmin.value === true || own?.role !== undefined);
}
