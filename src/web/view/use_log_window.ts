/** Keeps the part of a log that is in the page as one scrolls, and as the log changes. */
import type { RefObject } from "preact";
import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Rows } from "../model/heights.ts";
import { loadNewer, loadOlder, returnToEnd } from "../model/journal.ts";
import type { Line, PendingLine } from "../model/line.ts";
import type { Place, Position } from "../model/place.ts";
import type { LogContext } from "./log_context.ts";
import { LogWindow, type Part } from "./log_window.ts";

/** Above the first line that is new so much of what was read stays in the view, in pixels. */
const READ_ABOVE_PX = 120;
/** What is measured becomes other parts; it has always ended after two or three. */
const TURNS = 8;

interface LogRefs extends LogContext {
  readonly logRef: RefObject<HTMLDivElement | null>;
  readonly listRef: RefObject<HTMLOListElement | null>;
}

/** The lines of a timeline and behind them what waits. */
export interface LogRows extends Rows {
  at(index: number): Line | PendingLine | undefined;
}

export interface LogView {
  readonly rows: LogRows;
  readonly part: Part;
  readonly scrolled: () => void;
  readonly toEnd: () => void;
}

export function useLogWindow(options: LogRefs): LogView {
  const { chat, place, sought, logRef, listRef } = options;
  const { timeline } = place;
  const turn = useSignal(0);
  const turns = useRef(0);
  const [window] = useState(() => new LogWindow(beginning(place)));
  const hadFocus = listRef.current?.contains(document.activeElement) === true;
  turn.value;
  timeline.version.value;
  // A page of which nothing is shown changes only this.
  timeline.isLoading.value;
  useOwnWords(place, () => toEnd());
  useSought(place, (position, key) => {
    sought.value = key;
    window.place(position);
  }, () => window.viewPx);

  const rows = rowsOf(place);
  const part = window.render(rows);

  const toEnd = () => {
    returnToEnd(place);
    window.place("end");
    turn.value = turn.peek() + 1;
  };
  const settle = () => {
    const [log, list] = [logRef.current, listRef.current];
    if (log === null || list === null) return;
    const isMore = window.settle(log, list, !timeline.hasNewer.peek());
    turns.current = isMore ? turns.current + 1 : 0;
    if (isMore && turns.current < TURNS) turn.value = turn.peek() + 1;
    else follow();
  };
  /** Reads what is at the end, and loads what comes near. */
  const follow = () => {
    const isAtEnd = window.position === "end" &&
      place.detached.peek() === undefined;
    place.isAtEnd.value = isAtEnd;
    if (isAtEnd) chat.look();
    const log = logRef.current!;
    if (timeline.isLoading.peek() || timeline.fault.peek() !== "") return;
    if (window.isNear("start", log)) void loadOlder(chat, place);
    else if (window.isNear("end", log)) void loadNewer(chat, place);
  };
  const scrolled = () => {
    const mayStick = !timeline.hasNewer.peek();
    turns.current = 0;
    if (logRef.current === null) return;
    if (window.scrolled(logRef.current, mayStick)) {
      turn.value = turn.peek() + 1;
    } else follow();
  };

  useLayoutEffect(() => {
    settle();
    const isLost = hadFocus && document.activeElement === document.body;
    if (isLost) logRef.current!.focus({ preventScroll: true });
  });
  const latest = useRef(settle);
  latest.current = settle;
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => latest.current());
    observer.observe(logRef.current!);
    observer.observe(listRef.current!);
    return () => {
      observer.disconnect();
      place.position = window.position;
    };
  }, []);
  return { rows, part, scrolled, toEnd };
}

/** Where one was, or where what is new begins. */
function beginning({ newAfter, position, timeline, live }: Place): Position {
  const after = newAfter.peek();
  if (after !== undefined && timeline === live) {
    const index = live.indexOf(after + 1);
    const line = live.lines[index];
    const isBegun = index > 0 || !live.hasOlder.peek();
    return line === undefined || !isBegun
      ? "end"
      : { key: line.key, offset: READ_ABOVE_PX };
  }
  if (position === "end") return position;
  const isThere = timeline.lines.some(({ key }) => key === position.key);
  return isThere ? position : "end";
}

/** What one says oneself is at the end. */
function useOwnWords(place: Place, toEnd: () => void): void {
  place.live.version.value;
  const last = place.live.pending.at(-1)?.key;
  const before = useRef(last);
  useLayoutEffect(() => {
    const isNew = last !== undefined && last !== before.current;
    before.current = last;
    if (isNew) toEnd();
  }, [last]);
}

/** Goes where one jumps to. */
function useSought(
  place: Place,
  go: (position: Position, key: string) => void,
  viewPx: () => number,
): void {
  const wanted = place.sought.value;
  const before = useRef<typeof wanted>(undefined);
  if (wanted === before.current) return;
  before.current = wanted;
  const { timeline } = place;
  const line = wanted && timeline.lines[timeline.indexOf(wanted.seq)];
  if (line) go({ key: line.key, offset: viewPx() / 3 }, line.key);
}

function rowsOf({ timeline }: Place): LogRows {
  const { lines, pending } = timeline;
  const at = (index: number) => lines[index] ?? pending[index - lines.length];
  return {
    length: lines.length + pending.length,
    keyAt: (index) => at(index)!.key,
    at,
  };
}
