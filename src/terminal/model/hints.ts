/** What stands above the prompt, one line each. */
import type { ChatModel } from "./chat_model.ts";

/** So much of what waits is shown. */
const WAITING_SHOWN = 3;

/** What waits to be sent, where a move leads what is typed, and who is typing. */
export function hintsOf(model: ChatModel): string[] {
  const { outgoing, moves } = model;
  const sending = Array.from(outgoing, ({ txt }) => `sending: ${txt}`);
  const moving = moves.waiting.map(({ text, order: { line } }) =>
    `waits for ${line}: ${text}`
  );
  const waiting = [...sending, ...moving];
  const more = waiting.length - WAITING_SHOWN;
  const typing = model.views.current?.typingText(model.clock.monotonic());
  const { followed } = moves;
  return [
    ...(more > 0 ? [`${more} more wait to be sent`] : []),
    ...waiting.slice(-WAITING_SHOWN),
    ...(followed !== undefined && followed.waiting.length === 0
      ? [`${followed.order.line}: what you type goes along`]
      : []),
    ...(typing ? [`${typing}…`] : []),
  ];
}
