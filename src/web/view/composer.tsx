/** Where one types. */
import type { TargetedClipboardEvent, TargetedKeyboardEvent } from "preact";
import { useSignal } from "@preact/signals";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import type { Chat } from "../model/chat.ts";
import { recall, submit } from "../model/commands.ts";
import { type Mark, toggleMark } from "../model/formatting.ts";
import { knownAt } from "../model/known.ts";
import type { Place } from "../model/place.ts";
import { isLong, partsOf, say, typing } from "../model/sending.ts";
import { enslash } from "../../wire/slash.ts";
import { cleanText } from "../../wire/text.ts";
import { CompletionList } from "./completion_list.tsx";
import { ComposerFoot } from "./composer_foot.tsx";
import { EmojiPicker } from "./emoji_picker.tsx";
import { fitHeight, isTouch, replaceIn } from "./field.ts";
import { Icon } from "./icon.tsx";
import { actionOf } from "./keys.ts";
import { PasteDialog } from "./paste_dialog.tsx";
import { useCompletion } from "./use_completion.ts";

type Key = TargetedKeyboardEvent<HTMLTextAreaElement>;

const MARKS: ReadonlyMap<string | undefined, Mark> = new Map([
  ["bold", "*"],
  ["italic", "_"],
  ["code", "`"],
]);

export function Composer({ chat, place }: { chat: Chat; place: Place }) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const completion = useCompletion(field, () => knownAt(chat, place));
  const isPicking = useSignal(false);
  const pasted = useSignal<string | undefined>(undefined);
  const draft = place.draft.value;
  const offers = completion.offers.value;
  const active = completion.active.value;

  useLayoutEffect(() => fitHeight(field.current!), [draft, place]);
  useEffect(() => {
    completion.close();
    const end = place.draft.peek().length;
    field.current!.setSelectionRange(end, end);
    if (!isTouch()) field.current!.focus();
  }, [place]);

  const send = () => {
    completion.close();
    submit(chat, place);
  };
  const input = (value: string, isComposing: boolean) => {
    chat.setDraft(place, value);
    place.fault.value = "";
    typing(chat, place, value);
    if (!isComposing) completion.look();
  };
  const paste = (event: TargetedClipboardEvent<HTMLTextAreaElement>) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!isLong(text)) return;
    event.preventDefault();
    pasted.value = text;
  };
  const insert = (text: string) => {
    const { selectionStart, selectionEnd } = field.current!;
    replaceIn(field.current!, selectionStart, selectionEnd, text);
  };
  const keyDown = (event: Key) => {
    // An input method has it.
    if (event.isComposing || event.keyCode === 229) return;
    const isTaken = completion.press(event) || edit(event, field.current!) ||
      go(event, chat, place) || enter(event, send, insert);
    if (isTaken) event.preventDefault();
  };
  const label = place === chat.nowhere
    ? "Commands"
    : `Message to ${place.title.value}`;
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {place.fault.value !== "" && (
        <p class="fault" id={`${id}fault`}>{place.fault.value}</p>
      )}
      {offers !== undefined && (
        <CompletionList
          id={`${id}list`}
          offers={offers}
          active={active}
          onTake={completion.take}
        />
      )}
      <div class="field">
        <textarea
          ref={field}
          rows={1}
          value={draft}
          aria-label={label}
          placeholder={place === chat.nowhere ? "/join ROOM" : label}
          enterkeyhint={isTouch() ? "enter" : "send"}
          autocomplete="off"
          aria-describedby={`${id}fault`}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={offers && `${id}list`}
          aria-activedescendant={offers && active >= 0
            ? `${id}list-${active}`
            : undefined}
          onInput={({ currentTarget: { value }, isComposing }) =>
            input(value, isComposing)}
          onCompositionEnd={completion.look}
          onKeyDown={keyDown}
          onPaste={paste}
          onSelect={() => offers !== undefined && completion.look()}
          onBlur={completion.close}
        />
        <EmojiPicker chat={chat} isOpen={isPicking} onPick={insert} />
        <button class="send" type="submit" aria-label="Send">
          <Icon name="send" />
        </button>
      </div>
      <ComposerFoot place={place} />
      {pasted.value !== undefined && (
        <PasteDialog
          text={pasted.value}
          parts={partsOf(pasted.value).length}
          onClose={() => pasted.value = undefined}
          onEdit={insert}
          onSend={(text) =>
            say(chat, place, enslash(cleanText(text.toWellFormed())))}
        />
      )}
    </form>
  );
}

/** The keys that mark what is selected. */
function edit(event: Key, field: HTMLTextAreaElement): boolean {
  const mark = MARKS.get(actionOf(event));
  if (mark === undefined) return false;
  const { value, selectionStart, selectionEnd } = field;
  const { from, to, insert, selected } = toggleMark(
    value,
    selectionStart,
    selectionEnd,
    mark,
  );
  replaceIn(field, from, to, insert);
  field.setSelectionRange(...selected);
  return true;
}

/** Up and down in what was sent. */
function go(event: Key, chat: Chat, place: Place): boolean {
  const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
  if (altKey || ctrlKey || metaKey || shiftKey) return false;
  if (key === "ArrowUp") return recall(chat, place, "older");
  return key === "ArrowDown" && recall(chat, place, "newer");
}

function enter(
  event: Key,
  send: () => void,
  insert: (text: string) => void,
): boolean {
  const { key, altKey, shiftKey } = event;
  if (key !== "Enter" || shiftKey || isTouch()) return false;
  if (altKey) insert("\n");
  else send();
  return true;
}
