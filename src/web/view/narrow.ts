/** Whether there is no space for panels beside what is said; as in `style/chat.css`. */
import { type ReadonlySignal, signal } from "@preact/signals";

const query = globalThis.matchMedia?.("(max-width: 48rem)");
const matches = signal(query?.matches === true);
query?.addEventListener("change", () => matches.value = query.matches);

export const isNarrow: ReadonlySignal<boolean> = matches;
