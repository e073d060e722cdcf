/** A grid of all emoji to choose from, by name or by sight; only the rows that are seen are there. */
import type { Signal } from "@preact/signals";
import { useSignal } from "@preact/signals";
import type { TargetedKeyboardEvent } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { type Emoji, findEmoji, searchEmoji } from "../../text/emoji.ts";
import type { Chat } from "../model/chat.ts";
import { withEmoji } from "../model/page_memory.ts";
import { isTouch } from "./field.ts";
import { Icon } from "./icon.tsx";

interface EmojiPickerProps {
  chat: Chat;
  isOpen: Signal<boolean>;
  /** Takes the character: everybody sees it, whatever they have the chat in. */
  onPick: (symbol: string) => void;
}

const COLUMNS = 8;
const ROWS_SEEN = 7;
/** Above and below what is seen, so that nothing is missing while one scrolls. */
const ROWS_AROUND = 3;

export function EmojiPicker(props: EmojiPickerProps) {
  const { isOpen, chat, onPick } = props;
  const whole = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen.value) return;
    const outside = (event: Event) => {
      if (!whole.current!.contains(event.target as Node)) isOpen.value = false;
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [isOpen.value]);
  const pick = ({ symbol, names }: Emoji) => {
    isOpen.value = false;
    chat.keeper.change((memory) => withEmoji(memory, names[0]!));
    onPick(symbol);
  };
  return (
    <div class="emoji-of" ref={whole}>
      <button
        ref={button}
        type="button"
        class="icon"
        aria-label="Emoji"
        aria-haspopup="dialog"
        aria-expanded={isOpen.value}
        onClick={() => isOpen.value = !isOpen.value}
      >
        <Icon name="smile" />
      </button>
      {isOpen.value && (
        <Picker
          recent={recentOf(chat)}
          onPick={pick}
          onClose={() => {
            isOpen.value = false;
            button.current?.focus();
          }}
        />
      )}
    </div>
  );
}

function recentOf(chat: Chat): Emoji[] {
  return chat.keeper.memory.emoji.flatMap((name) => {
    const symbol = findEmoji(name);
    return symbol === undefined ? [] : [{ symbol, names: [name] }];
  });
}

interface PickerProps {
  recent: readonly Emoji[];
  onPick: (emoji: Emoji) => void;
  onClose: () => void;
}

function Picker({ recent, onPick, onClose }: PickerProps) {
  const id = useId();
  const words = useSignal("");
  const at = useSignal(0);
  const top = useSignal(0);
  const grid = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    // The keyboard of a screen would cover the half of it.
    if (!isTouch()) search.current!.focus();
  }, []);

  const found = searchEmoji(words.value);
  // The recent ones fill whole rows, so that the others begin below them.
  const begin: readonly (Emoji | undefined)[] = words.value === ""
    ? filled(recent)
    : [];
  const all = [...begin, ...found];
  const rows = Math.ceil(all.length / COLUMNS);
  const from = Math.max(0, top.value - ROWS_AROUND);
  const to = Math.min(rows, top.value + ROWS_SEEN + ROWS_AROUND);
  const chosen = all[at.value];

  const rowHeight = (box: HTMLElement) => box.scrollHeight / Math.max(1, rows);
  const choose = (to: number) => {
    at.value = Math.max(0, Math.min(all.length - 1, to));
    const { current: box } = grid;
    const height = rowHeight(box!);
    const y = Math.floor(at.value / COLUMNS) * height;
    const low = y + height - box!.clientHeight;
    box!.scrollTop = Math.min(y, Math.max(box!.scrollTop, low));
  };
  const press = (event: TargetedKeyboardEvent<HTMLElement>) => {
    if (event.isComposing) return;
    const step = new Map([
      ["ArrowRight", 1],
      ["ArrowLeft", -1],
      ["ArrowDown", COLUMNS],
      ["ArrowUp", -COLUMNS],
      ["PageDown", COLUMNS * ROWS_SEEN],
      ["PageUp", -COLUMNS * ROWS_SEEN],
    ]).get(event.key);
    if (step !== undefined) choose(at.value + step);
    else if (event.key === "Escape") onClose();
    else if (event.key !== "Enter") return;
    else if (chosen !== undefined) onPick(chosen);
    event.preventDefault();
    event.stopPropagation();
  };
  const cell = (emoji: Emoji | undefined, index: number) =>
    emoji === undefined
      ? <span key={index} role="gridcell" class="emoji" />
      : (
        <button
          key={index}
          id={`${id}-${index}`}
          type="button"
          tabIndex={-1}
          role="gridcell"
          class="emoji"
          aria-selected={index === at.value}
          aria-label={emoji.names[0]!.replaceAll("_", " ")}
          title={`:${emoji.names[0]}:`}
          onClick={() => onPick(emoji)}
        >
          {emoji.symbol}
        </button>
      );
  return (
    <div class="picker" role="dialog" aria-label="Emoji" onKeyDown={press}>
      <input
        ref={search}
        type="text"
        role="combobox"
        aria-label="Search emoji"
        placeholder="Search emoji"
        autocomplete="off"
        aria-expanded
        aria-haspopup="grid"
        aria-controls={`${id}-grid`}
        aria-activedescendant={chosen && `${id}-${at.value}`}
        onInput={({ currentTarget: { value } }) => {
          words.value = value;
          at.value = top.value = grid.current!.scrollTop = 0;
        }}
      />
      <div
        class="grid"
        id={`${id}-grid`}
        ref={grid}
        role="grid"
        tabIndex={-1}
        aria-label="Emoji"
        aria-rowcount={rows}
        onScroll={({ currentTarget }) =>
          // It may come a frame later, when the picker is closed.
          top.value = Math.floor(
            currentTarget.scrollTop / (rowHeight(currentTarget) || 1),
          )}
      >
        <Spacer rows={from} />
        {Array.from(
          { length: Math.max(0, to - from) },
          (_, n) => (
            <div key={from + n} role="row" aria-rowindex={from + n + 1}>
              {all.slice((from + n) * COLUMNS, (from + n + 1) * COLUMNS)
                .map((emoji, k) => cell(emoji, (from + n) * COLUMNS + k))}
            </div>
          ),
        )}
        <Spacer rows={rows - to} />
      </div>
      <p class="named">
        {found.length === 0
          ? "no emoji has this name"
          : chosen?.names.map((name) => `:${name}:`).join(" ")}
      </p>
    </div>
  );
}

/** In the place of rows that are not seen; each is as high as a cell. */
function Spacer({ rows }: { rows: number }) {
  return <div role="presentation" style={{ height: `${rows * 2.25}rem` }} />;
}

function filled(recent: readonly Emoji[]): (Emoji | undefined)[] {
  const missing = (COLUMNS - recent.length % COLUMNS) % COLUMNS;
  return [...recent, ...Array(missing).fill(undefined)];
}
