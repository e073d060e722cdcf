/** Asks before a long text that was pasted is said to everybody. */
import type { TargetedMouseEvent } from "preact";
import { Dialog } from "./dialog.tsx";

interface PasteDialogProps {
  text: string;
  /** How many messages it makes. */
  parts: number;
  onClose: () => void;
  onEdit: (text: string) => void;
  onSend: (text: string) => void;
}

/** What is shown of it. */
const SHOWN_CHARS = 1_000;

export function PasteDialog(
  { text, parts, onClose, onEdit, onSend }: PasteDialogProps,
) {
  const lines = text.split("\n").length;
  const rest = text.length > SHOWN_CHARS ? "…" : "";
  const close =
    (then: (text: string) => void) =>
    ({ currentTarget }: TargetedMouseEvent<HTMLButtonElement>) => {
      // Closed first: the field under it cannot have the caret before.
      currentTarget.closest("dialog")!.close();
      then(text);
    };
  return (
    <Dialog
      title={`Paste ${lines === 1 ? "a long line" : `${lines} lines`}?`}
      onClose={onClose}
    >
      <pre class="pasted" tabIndex={0} aria-label="What was copied">
        {text.slice(0, SHOWN_CHARS) + rest}
      </pre>
      <div class="row">
        <button
          class="button primary"
          type="button"
          autofocus
          onClick={close(onSend)}
        >
          {parts === 1 ? "Send it" : `Send as ${parts} messages`}
        </button>
        <button class="button" type="button" onClick={close(onEdit)}>
          Edit it first
        </button>
      </div>
    </Dialog>
  );
}
