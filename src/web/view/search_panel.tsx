/** A search in a place or in all, its results above what is said there. */
import { useEffect, useRef } from "preact/hooks";
import { clockTime, dateOf } from "../../text/render.ts";
import { parseMarkup } from "../../text/markup.ts";
import type { Said } from "../../wire/server.ts";
import type { Chat } from "../model/chat.ts";
import { dayName, fullTime } from "../model/day.ts";
import { jumpTo } from "../model/journal.ts";
import type { Place } from "../model/place.ts";
import type { Search } from "../model/search.ts";
import { Icon } from "./icon.tsx";
import { textOf } from "./text_view.tsx";

interface SearchProps {
  chat: Chat;
  place: Place;
  search: Search;
}

export function SearchPanel({ chat, place, search }: SearchProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const close = () => chat.searching.value = false;
  return (
    <div
      class="search"
      role="search"
      aria-label={`Search in ${place.title.value}`}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void search.look();
        }}
      >
        <input
          ref={field}
          type="search"
          aria-label="Words"
          placeholder="Words that a message has"
          value={search.words.value}
          onInput={(event) => search.words.value = event.currentTarget.value}
        />
        <label class="small all">
          <input
            type="checkbox"
            checked={search.isInAll.value}
            onChange={({ currentTarget: { checked } }) =>
              search.isInAll.value = checked}
          />
          everywhere
        </label>
        <button class="button" type="submit" disabled={search.isLooking.value}>
          Search
        </button>
        <button
          class="icon"
          type="button"
          aria-label="Close the search"
          onClick={close}
        >
          <Icon name="close" />
        </button>
      </form>
      <Results chat={chat} place={place} search={search} />
    </div>
  );
}

function Results({ chat, place, search }: SearchProps) {
  const { results, found, isLooking, fault } = search;
  if (fault.value !== "") return <p role="alert">{fault.value}</p>;
  const count = results.value.length;
  const isDone = found.value !== undefined && !isLooking.value;
  const further = found.value?.searched;
  return (
    <>
      <p class="small" role="status">
        {isLooking.value
          ? "Searching…"
          : isDone && describe(count, further?.at, chat.clock.wall())}
      </p>
      {count > 0 && (
        <ol class="results">
          {results.value.map((message) => (
            <li key={`${chat.placeNameOf(message)} ${message.seq}`}>
              <Result
                {...{ chat, place, search, message }}
                name={chat.placeNameOf(message)}
              />
            </li>
          ))}
        </ol>
      )}
      {isDone && further !== undefined && (
        <button
          class="button"
          type="button"
          onClick={() => search.lookFurther()}
        >
          Search further back
        </button>
      )}
    </>
  );
}

interface ResultProps extends SearchProps {
  message: Said;
  /** Of the place where it was said. */
  name: string;
}

function Result({ chat, place, search, message, name }: ResultProps) {
  const { from, at, seq, txt } = message;
  return (
    <button
      type="button"
      class="result"
      onClick={() =>
        jumpTo(chat, placeAt(chat, search, name), seq)
          .catch((error) => chat.fault(error))}
    >
      <span class="by">{from}</span>
      {name !== place.name && <span class="small">in {name}</span>}
      <time dateTime={dateOf(at).toISOString()} title={fullTime(at)}>
        {dayName(at, chat.clock.wall())}, {clockTime(at)}
      </time>
      <span class="excerpt">{textOf(parseMarkup(txt))}</span>
    </button>
  );
}

/** Goes where something was said, and takes the search along; one need not be in that room. */
function placeAt(chat: Chat, search: Search, name: string): Place {
  const there = chat.find(name);
  const place = there ?? chat.open(name);
  if (there === undefined) place.isEntered.value = place.isPrivate;
  place.search.value = search;
  chat.go(place);
  return place;
}

function describe(
  count: number,
  backTo: number | undefined,
  now: number,
): string {
  const found = count === 0
    ? "Nothing was found"
    : count === 1
    ? "1 message"
    : `${count} messages`;
  return backTo === undefined
    ? found
    : `${found}, back to ${dayName(backTo, now)}, ${clockTime(backTo)}`;
}
