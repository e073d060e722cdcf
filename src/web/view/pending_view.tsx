/** What one has said and what is not in the order yet. */
import type { PendingLine } from "../model/line.ts";
import { editFailed, sayAgain } from "../model/sending.ts";
import type { LogContext } from "./log_context.ts";
import { TextView } from "./text_view.tsx";

interface PendingProps {
  log: LogContext;
  line: PendingLine;
}

export function PendingView({ log, line }: PendingProps) {
  const { chat } = log;
  const { failed, text, action } = line;
  const isSending = chat.connection.value === "online";
  const kinds = `${action ? "action" : ""} ${
    failed === undefined ? "pending" : "failed"
  }`;
  return (
    <li class="line">
      <article class={`said ${kinds}`}>
        <p class="author">
          <span class="from">{chat.name.value}</span>
        </p>
        <div class="text" dir="auto">
          <TextView text={text} />
        </div>
        {failed === undefined
          ? (
            <p class="state">
              {isSending ? "sending…" : "waits for the connection"}
            </p>
          )
          : <Failed log={log} line={line} />}
      </article>
    </li>
  );
}

function Failed({ log: { chat, place }, line: { key, failed } }: PendingProps) {
  return (
    <p class="state">
      <span role="alert">not sent: {failed}</span>{" "}
      <button type="button" onClick={() => sayAgain(chat, place, key)}>
        Send again
      </button>
      <button type="button" onClick={() => editFailed(chat, place, key)}>
        Edit
      </button>
      <button type="button" onClick={() => place.live.takeFailed(key)}>
        Drop
      </button>
    </p>
  );
}
