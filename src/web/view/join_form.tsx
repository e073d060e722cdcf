/** Enters a room by its name; what is refused stays, with the reason. */
import { useSignal } from "@preact/signals";
import type { TargetedSubmitEvent } from "preact";
import { useId } from "preact/hooks";
import { describeError } from "../../base/errors.ts";
import type { Chat } from "../model/chat.ts";
import { join } from "../model/commands.ts";
import { Fault } from "./card.tsx";

export function JoinForm(
  { chat, onJoined }: { chat: Chat; onJoined: () => void },
) {
  const fault = useSignal<string | undefined>(undefined);
  const id = useId();
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const room = String(new FormData(form).get("room")).trim();
    if (room === "") return;
    fault.value = undefined;
    try {
      await join(chat, room);
      form.reset();
      onJoined();
    } catch (error) {
      fault.value = describeError(error);
    }
  };
  return (
    <form
      class="join"
      onSubmit={submit}
      onInput={() => fault.value = undefined}
    >
      <input
        name="room"
        aria-label="Join a room"
        placeholder="Join a room…"
        aria-describedby={id}
        aria-invalid={fault.value !== undefined}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
      />
      <Fault id={id} text={fault.value} />
    </form>
  );
}
