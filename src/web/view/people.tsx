/** Who is here. */
import type { Signal } from "@preact/signals";
import type { User } from "../../wire/server.ts";
import type { Chat } from "../model/chat.ts";
import type { Place } from "../model/place.ts";
import type { Panel } from "./panel.ts";

export function People(
  { chat, place }: { chat: Chat; place: Place; panel: Signal<Panel> },
) {
  const people = place.people.value.toSorted((one, two) =>
    one.name.localeCompare(two.name)
  );
  return (
    <aside class="people" aria-label="People">
      <h2>{place.count.value ?? people.length} here</h2>
      <ul>
        {people.map((user) => (
          <Person
            key={user.name}
            chat={chat}
            user={user}
          />
        ))}
      </ul>
    </aside>
  );
}

function Person({ chat, user }: { chat: Chat; user: User }) {
  const { name, key, role, away } = user;
  return (
    <li class={`person ${away === undefined ? "" : "away"}`}>
      <button type="button" onClick={() => chat.go(chat.open(`@${name}`))}>
        {name}
      </button>
      {chat.isVerified(name, key) && <span class="verified">verified</span>}
      {role !== undefined && <span class="role">{role}</span>}
    </li>
  );
}
