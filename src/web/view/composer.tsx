/** Where one types. */
import { useRef } from "preact/hooks";
import type { TargetedInputEvent, TargetedKeyboardEvent } from "preact";
import type { Chat } from "../model/chat.ts";
import { enter } from "../model/commands.ts";
import type { Place } from "../model/place.ts";
import { typing } from "../model/sending.ts";

export function Composer({ chat, place }: { chat: Chat; place: Place }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const submit = () => {
    if (enter(chat, place.draft.peek())) chat.setDraft(place, "");
  };
  const input = (event: TargetedInputEvent<HTMLTextAreaElement>) => {
    const { value } = event.currentTarget;
    chat.setDraft(place, value);
    typing(chat, place, value);
  };
  const keyDown = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    const isEnter = event.key === "Enter" && !event.shiftKey &&
      !event.altKey && !event.isComposing;
    if (!isEnter) return;
    event.preventDefault();
    submit();
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <textarea
        ref={field}
        rows={1}
        value={place.draft.value}
        aria-label={`Message to ${place.title.value}`}
        placeholder={`Message to ${place.title.value}`}
        onInput={input}
        onKeyDown={keyDown}
      />
      <button class="button primary" type="submit">Send</button>
      <p class="typing" aria-live="off">
        {place.typists.value.length > 0 &&
          `${place.typists.value.join(", ")} typing…`}
      </p>
    </form>
  );
}
