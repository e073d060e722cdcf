/** What one has said and what is not in the order yet. */
import type { Chat } from "../model/chat.ts";
import type { Place } from "../model/place.ts";
import { sayAgain } from "../model/sending.ts";
import type { PendingLine } from "../model/timeline.ts";
import { TextView } from "./text_view.tsx";

export function PendingView(
  { chat, place, line }: { chat: Chat; place: Place; line: PendingLine },
) {
  const { failed, text, key } = line;
  return (
    <li class={`line said pending ${failed === undefined ? "" : "failed"}`}>
      <span class="from">{chat.name.value}</span>
      <div class="text">
        <TextView text={text} />
      </div>
      {failed === undefined
        ? <span class="state">sending…</span>
        : (
          <span class="state">
            not sent: {failed}{" "}
            <button
              type="button"
              onClick={() => sayAgain(chat, place, key)}
            >
              Send again
            </button>
            <button
              type="button"
              onClick={() =>
                place.live.takeFailed(key)}
            >
              Drop
            </button>
          </span>
        )}
    </li>
  );
}
