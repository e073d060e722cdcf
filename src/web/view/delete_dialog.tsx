/** Asks before a message is deleted. */
import { command } from "../model/commands.ts";
import { Dialog } from "./dialog.tsx";
import type { LogContext } from "./log_context.ts";

/** So much of the text is shown. */
const SHOWN_CHARS = 200;

export function DeleteDialog({ log }: { log: LogContext }) {
  const { chat, place, deleting } = log;
  const line = deleting.value;
  if (line === undefined) return null;
  const { from, txt } = line.message;
  const close = () => deleting.value = undefined;
  const confirm = () => {
    close();
    command(chat, "delete", String(line.seq), place).catch((error) =>
      chat.fault(error)
    );
  };
  return (
    <Dialog title="Delete this message?" onClose={close}>
      <blockquote class="quoted">
        {from}: {txt.slice(0, SHOWN_CHARS)}
      </blockquote>
      <p>Nobody can bring it back.</p>
      <div class="row">
        <button
          class="button primary grave"
          type="button"
          autofocus
          onClick={confirm}
        >
          Delete
        </button>
        <button class="button" type="button" onClick={close}>Keep</button>
      </div>
    </Dialog>
  );
}
