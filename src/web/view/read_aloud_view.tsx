/** New messages, for who hears the page; lines that come into view by scrolling are not news. */
import type { ReadAloud } from "../model/read_aloud.ts";

export function ReadAloudView({ aloud }: { aloud: ReadAloud }) {
  return (
    <div class="hidden" aria-live="polite" aria-relevant="additions">
      {aloud.utterances.value.map(({ key, text }) => <p key={key}>{text}</p>)}
    </div>
  );
}
