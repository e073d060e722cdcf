/** Says to who cannot see the screen what is shown nowhere that they would come to. */
import type { ReadonlySignal } from "@preact/signals";

export function Announcer({ spoken }: { spoken: ReadonlySignal<string> }) {
  return <p class="hidden" role="status" aria-live="polite">{spoken.value}</p>;
}
