/** Asks before something is done, and for what it needs; what is refused is shown beside it. */
import { useSignal } from "@preact/signals";
import type { TargetedSubmitEvent } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { describeError } from "../../base/errors.ts";
import type { Chat } from "../model/chat.ts";
import type { Question } from "../model/dialogs.ts";
import { Fault } from "./card.tsx";
import { Dialog } from "./dialog.tsx";

export function QuestionDialog(
  { chat, question }: { chat: Chat; question: Question },
) {
  const { title, text, field, yes, isGrave } = question;
  const fault = useSignal<string | undefined>(undefined);
  const isBusy = useSignal(false);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => input.current?.select(), []);
  const close = () => chat.dialog.value = undefined;
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isBusy.value) return;
    isBusy.value = true;
    fault.value = undefined;
    try {
      await question.run(input.current?.value.trim() ?? "");
      if (isShown(chat, question)) close();
    } catch (error) {
      fault.value = describeError(error);
    }
    isBusy.value = false;
  };
  return (
    <Dialog title={title} onClose={close}>
      <form class="form" onSubmit={submit} aria-busy={isBusy.value}>
        {text !== undefined && <p>{text}</p>}
        {field !== undefined && (
          <label class="field">
            <span>{field.label}</span>
            <input
              ref={input}
              autofocus
              autocomplete="off"
              autocapitalize="off"
              defaultValue={field.value ?? ""}
              placeholder={field.hint ?? (field.isOptional ? "optional" : "")}
              required={!field.isOptional}
              aria-describedby={id}
              aria-invalid={fault.value !== undefined}
            />
          </label>
        )}
        <Fault id={id} text={fault.value} />
        <div class="row">
          <button
            class={`button primary ${isGrave ? "grave" : ""}`}
            type="submit"
            autofocus={field === undefined}
            disabled={isBusy.value}
          >
            {yes}
          </button>
          <button class="button" type="button" onClick={close}>Cancel</button>
        </div>
      </form>
    </Dialog>
  );
}

/** What is done may have opened another dialog meanwhile. */
function isShown(chat: Chat, question: Question): boolean {
  const shown = chat.dialog.peek();
  return shown?.kind === "question" && shown.question === question;
}
