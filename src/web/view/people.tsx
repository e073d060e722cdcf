/** Who is here: those who keep the room first, who is away last. */
import { type Signal, useComputed, useSignal } from "@preact/signals";
import { describeError } from "../../base/errors.ts";
import type { User } from "../../wire/server.ts";
import type { Chat } from "../model/chat.ts";
import { groupsOf } from "../model/people.ts";
import { askPeople } from "../model/people_events.ts";
import { actionsOn } from "../model/person_actions.ts";
import type { Place } from "../model/place.ts";
import { Fault } from "./card.tsx";
import { Drawer } from "./drawer.tsx";
import { Icon } from "./icon.tsx";
import { Menu } from "./menu.tsx";
import { moveFocus } from "./move_focus.ts";
import type { Panel } from "./panel.ts";

/** From so many on there is a box to find somebody. */
const FILTERED = 20;
/** More are found by their names: a page of thousands of menus would be slow. */
const SHOWN = 200;

interface PeopleProps {
  chat: Chat;
  place: Place;
  panel: Signal<Panel>;
}

export function People({ chat, place, panel }: PeopleProps) {
  const filter = useSignal("");
  const groups = useComputed(() => groupsOf(place.people.value, filter.value));
  const named = place.people.value.length;
  let left = SHOWN;
  return (
    <Drawer
      as="aside"
      class="people"
      label="People"
      which="people"
      panel={panel}
    >
      <h2>{place.count.value ?? named} here</h2>
      {named > FILTERED && (
        <input
          class="filter"
          type="search"
          aria-label="Find somebody here"
          placeholder="Find somebody…"
          value={filter.value}
          onInput={({ currentTarget }) => filter.value = currentTarget.value}
        />
      )}
      <div onKeyDown={(event) => moveFocus(event, ".person button.who")}>
        {groups.value.map(({ title, people }) => {
          const shown = people.slice(0, left);
          left -= shown.length;
          return shown.length === 0
            ? null
            : (
              <section key={title} aria-label={title}>
                <h3>{title} ({people.length})</h3>
                <ul>
                  {shown.map((user) => (
                    <Person
                      key={user.key ?? user.name}
                      chat={chat}
                      place={place}
                      user={user}
                    />
                  ))}
                </ul>
              </section>
            );
        })}
      </div>
      {groups.value.length === 0 && filter.value !== "" && (
        <p class="small">Nobody is called so.</p>
      )}
      {left === 0 && <p class="small">Write a name to find the others.</p>}
      <Unnamed chat={chat} place={place} />
    </Drawer>
  );
}

/** Of a large room the server names some, and more when it is asked. */
function Unnamed({ chat, place }: { chat: Chat; place: Place }) {
  const fault = useSignal<string | undefined>(undefined);
  const named = place.people.value.length;
  const count = place.count.value ?? named;
  if (count <= named) return null;
  const ask = () => {
    fault.value = undefined;
    askPeople(chat, place).catch((error) => fault.value = describeError(error));
  };
  return (
    <div class="unnamed">
      <p class="small">{count - named} others are not named.</p>
      <button type="button" class="button" onClick={ask}>Name more</button>
      <Fault id="fault-people" text={fault.value} />
    </div>
  );
}

interface PersonProps {
  chat: Chat;
  place: Place;
  user: User;
}

function Person({ chat, place, user }: PersonProps) {
  const { name, key, guest, role, away } = user;
  const shown = { name, ...key === undefined ? {} : { key } };
  const isSelf = name === chat.name.value;
  const isVerified = chat.isVerified(name, key);
  const isFalse = chat.markOf({ ...shown, is: "known" }) !== "other";
  const isIgnored = chat.isIgnored({ ...shown, is: "known" });
  const marks = [
    ...isSelf ? ["you"] : [],
    ...role === undefined ? [] : [role],
    ...guest ? ["guest"] : [],
    ...isIgnored ? ["ignored"] : [],
    ...isFalse ? ["another key"] : [],
  ];
  const state = away === undefined ? "here" : "away";
  return (
    <li class={`person ${state} ${isFalse ? "false" : ""}`}>
      <Menu
        label={name}
        shows="words"
        class="who"
        items={actionsOn(chat, place, shown)}
      >
        <span class={`dot ${state}`} />
        <span class="called">
          <span class="name">{name}</span>
          {away !== undefined && <span class="small">{away}</span>}
        </span>
        {isVerified && (
          <span class="verified" title="Verified">
            <Icon name="check" />
            <span class="hidden">verified</span>
          </span>
        )}
        {marks.map((mark) => <span key={mark} class="mark">{mark}</span>)}
      </Menu>
    </li>
  );
}
