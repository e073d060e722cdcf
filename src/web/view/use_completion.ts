/** The completion of a field: the list that opens by itself, and Tab, which goes through names. */
import { type ReadonlySignal, useSignal } from "@preact/signals";
import type { RefObject, TargetedKeyboardEvent } from "preact";
import { useRef } from "preact/hooks";
import {
  isWhole,
  type Known,
  type Offer,
  type Offers,
  offersAt,
  tabOffersAt,
} from "../model/completion.ts";
import { replaceIn } from "./field.ts";

type Field = RefObject<HTMLTextAreaElement | null>;

export interface Completion {
  readonly offers: ReadonlySignal<Offers | undefined>;
  /** Which one is chosen; -1 is none. */
  readonly active: ReadonlySignal<number>;
  /** The text has changed. */
  look(): void;
  close(): void;
  take(offer: Offer): void;
  /** Takes a key; `false` when it is for something else. */
  press(event: TargetedKeyboardEvent<HTMLTextAreaElement>): boolean;
}

/** What Tab goes through, and what stands in the field after it. */
interface Cycle {
  readonly offers: Offers;
  readonly at: number;
  readonly text: string;
  readonly caret: number;
}

export function useCompletion(field: Field, known: () => Known): Completion {
  const offers = useSignal<Offers | undefined>(undefined);
  const active = useSignal(-1);
  const cycle = useRef<Cycle | undefined>(undefined);
  const isCycling = useRef(false);

  const close = () => offers.value = undefined;
  const look = () => {
    if (isCycling.current) return;
    cycle.current = undefined;
    const { value, selectionStart, selectionEnd } = field.current!;
    const isCaret = selectionStart === selectionEnd;
    const found = isCaret
      ? offersAt(value, selectionStart, known())
      : undefined;
    offers.value = found;
    // Where nothing is begun, Enter is meant for the text as it is.
    active.value = found !== undefined && found.to > found.from ? 0 : -1;
  };
  const take = (offer: Offer) => {
    const { from, to } = offers.peek()!;
    close();
    insert(field.current!, from, to, offer);
  };
  const turn = (by: 1 | -1) => {
    const { value, selectionStart } = field.current!;
    const before = cycle.current;
    const goesOn = before?.text === value && before.caret === selectionStart;
    const found = goesOn
      ? before.offers
      : tabOffersAt(value, selectionStart, known());
    if (found === undefined) return false;
    const { length } = found.list;
    const at = goesOn
      ? (before.at + by + length) % length
      : by > 0
      ? 0
      : length - 1;
    isCycling.current = true;
    insert(field.current!, found.from, selectionStart, found.list[at]!);
    isCycling.current = false;
    close();
    const { value: text, selectionStart: caret } = field.current!;
    cycle.current = { offers: found, at, text, caret };
    return true;
  };
  const press: Completion["press"] = (event) => {
    const { key, shiftKey, altKey, ctrlKey, metaKey } = event;
    if (altKey || ctrlKey || metaKey) return false;
    const list = offers.peek();
    if (list === undefined) return key === "Tab" && turn(shiftKey ? -1 : 1);
    const { length } = list.list;
    const at = active.peek();
    const chosen = list.list[at];
    switch (key) {
      case "ArrowDown":
        active.value = (at + 1) % length;
        return true;
      case "ArrowUp":
        active.value = at > 0 ? at - 1 : length - 1;
        return true;
      case "Tab":
        take(chosen ?? list.list[0]!);
        return true;
      case "Escape":
        close();
        return true;
      case "Enter": {
        const isMeant = chosen !== undefined && !shiftKey &&
          !isWhole(field.current!.value, list, chosen);
        if (isMeant) take(chosen);
        return isMeant;
      }
    }
    return false;
  };
  return { offers, active, look, close, take, press };
}

/** One blank behind it is enough. */
function insert(
  field: HTMLTextAreaElement,
  from: number,
  to: number,
  { insert: text }: Offer,
): void {
  const isBlank = text.endsWith(" ") && field.value[to] === " ";
  replaceIn(field, from, isBlank ? to + 1 : to, text);
}
