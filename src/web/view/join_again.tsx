/** In the place of where one types, when one was removed from a room or only reads it: what was typed is kept. */
import { useSignal } from "@preact/signals";
import { describeError } from "../../base/errors.ts";
import type { Chat } from "../model/chat.ts";
import { join } from "../model/commands.ts";
import type { Place } from "../model/place.ts";
import { Fault } from "./card.tsx";

export function JoinAgain({ chat, place }: { chat: Chat; place: Place }) {
  const fault = useSignal<string | undefined>(undefined);
  const again = () => {
    fault.value = undefined;
    join(chat, place.name).catch((error) => fault.value = describeError(error));
  };
  return (
    <section class="join-again" aria-label="You are not in this room">
      <p>You are not in {place.title.value}.</p>
      {place.draft.value !== "" && (
        <p class="small">What you were typing is kept.</p>
      )}
      <Fault id="fault-join-again" text={fault.value} />
      <div class="row">
        <button type="button" class="button primary" onClick={again}>
          Join again
        </button>
        <button
          type="button"
          class="button"
          onClick={() => chat.close(place)}
        >
          Close
        </button>
      </div>
    </section>
  );
}
