/** Below the field: who is typing, and how long the text is once that matters. */
import { TEXT_MAX_CODE_POINTS } from "../../base/limits.ts";
import { codePoints } from "../../wire/text.ts";
import type { Place } from "../model/place.ts";
import { partsOf } from "../model/sending.ts";

/** From here on it is shown how many characters there are. */
const SHOWN_FROM = TEXT_MAX_CODE_POINTS - 400;

export function ComposerFoot({ place }: { place: Place }) {
  return (
    <div class="composer-foot">
      <p class="typing">{typistsText(place.typists.value)}</p>
      <p class="count">{lengthText(place.draft.value)}</p>
    </div>
  );
}

function typistsText(names: readonly string[]): string {
  switch (names.length) {
    case 0:
      return "";
    case 1:
      return `${names[0]} is typing…`;
    case 2:
      return `${names[0]} and ${names[1]} are typing…`;
    default:
      return `${names.length} people are typing…`;
  }
}

function lengthText(text: string): string {
  // A character has at most two units: a short text is not counted.
  if (text.length < SHOWN_FROM || text.startsWith("/")) return "";
  const count = codePoints(text);
  if (count < SHOWN_FROM) return "";
  const parts = partsOf(text).length;
  const max = TEXT_MAX_CODE_POINTS.toLocaleString("en");
  const length = `${count.toLocaleString("en")} of ${max} characters`;
  return parts > 1 ? `${length}: goes in ${parts} messages` : length;
}
