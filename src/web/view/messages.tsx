/** What is said in a place: of a long log what is before one is in the page, and little more. */
import { useSignal } from "@preact/signals";
import { useRef, useState } from "preact/hooks";
import type { Chat } from "../model/chat.ts";
import type { Place } from "../model/place.ts";
import { searchIn } from "../model/search.ts";
import type { SaidLine } from "../model/line.ts";
import { DeleteDialog } from "./delete_dialog.tsx";
import type { LogContext, OnPerson } from "./log_context.ts";
import { takeLogKey } from "./log_keys.ts";
import { LogEnd, LogHead } from "./log_ends.tsx";
import { ReadAloudView } from "./read_aloud_view.tsx";
import { RowsView } from "./rows_view.tsx";
import { SearchPanel } from "./search_panel.tsx";
import { useLogWindow } from "./use_log_window.ts";

interface MessagesProps {
  chat: Chat;
  place: Place;
  onPerson?: OnPerson;
}

export function Messages({ chat, place, onPerson }: MessagesProps) {
  const log = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const context = useLogContext(chat, place, onPerson);
  const window = useLogWindow({ ...context, logRef: log, listRef: list });
  const { timeline } = place;
  return (
    <section
      class="said-here"
      aria-label={`What is said in ${place.title.value}`}
    >
      {chat.searching.value && (
        <SearchPanel
          chat={chat}
          place={place}
          search={searchIn(chat, place)}
        />
      )}
      <div class="messages-frame">
        <div
          class="messages"
          ref={log}
          role="log"
          aria-live="off"
          aria-label={`Messages in ${place.title.value}`}
          tabIndex={0}
          onScroll={window.scrolled}
          onKeyDown={(event) => takeLogKey(event, window.toEnd)}
          onPointerOver={(event) => context.pointed.value = keyOf(event.target)}
          onPointerLeave={() => context.pointed.value = ""}
          onFocusIn={(event) => context.focused.value = keyOf(event.target)}
          onFocusOut={(event) =>
            context.focused.value = keyOf(event.relatedTarget)}
        >
          <LogHead chat={chat} place={place} timeline={timeline} />
          <RowsView
            listRef={list}
            context={context}
            rows={window.rows}
            part={window.part}
          />
        </div>
        <LogEnd place={place} toEnd={window.toEnd} />
      </div>
      <ReadAloudView aloud={chat.aloud} />
      <DeleteDialog log={context} />
    </section>
  );
}

function useLogContext(
  chat: Chat,
  place: Place,
  onPerson?: OnPerson,
): LogContext {
  const pointed = useSignal("");
  const focused = useSignal("");
  const sought = useSignal("");
  const unfolded = useSignal<ReadonlySet<string>>(new Set());
  const deleting = useSignal<SaidLine | undefined>(undefined);
  const person = useRef(onPerson);
  person.current = onPerson;
  const [context] = useState<LogContext>(() => ({
    ...{ chat, place, pointed, focused, sought, unfolded, deleting },
    onPerson: (name, key) =>
      person.current === undefined
        ? chat.go(chat.open(`@${name}`))
        : person.current(name, key),
  }));
  return context;
}

function keyOf(target: EventTarget | null): string {
  const row = target instanceof Element ? target.closest("[data-key]") : null;
  return row?.getAttribute("data-key") ?? "";
}
