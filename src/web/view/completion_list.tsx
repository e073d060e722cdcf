/** What may be meant by the word at the caret: a list to choose from while one goes on typing. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Offer, Offers } from "../model/completion.ts";

interface CompletionListProps {
  id: string;
  offers: Offers;
  /** The one that is chosen; -1 is none. */
  active: number;
  onTake: (offer: Offer) => void;
}

export function CompletionList(
  { id, offers, active, onTake }: CompletionListProps,
) {
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    const chosen = list.current?.children[Math.max(0, active)];
    chosen?.scrollIntoView({ block: "nearest" });
  }, [active, offers]);
  return (
    <ul
      class="completion"
      id={id}
      ref={list}
      role="listbox"
      aria-label="Offers"
    >
      {offers.list.map((offer, at) => (
        <li
          key={offer.label}
          id={`${id}-${at}`}
          role="option"
          aria-selected={at === active}
          onPointerDown={(event) => {
            // The caret stays in the field.
            event.preventDefault();
            onTake(offer);
          }}
        >
          <span class="what">{offer.label}</span>
          <span class="detail">{offer.detail}</span>
        </li>
      ))}
    </ul>
  );
}
