/** Rooms, bans and administrators of the server. */
import type { ComponentChildren } from "preact";
import { dayAndTime } from "../../../text/render.ts";
import { type Ban, type Monitor } from "../../model/monitor.ts";
import { askUnban } from "../../model/monitor_actions.ts";

/** More are found in the chat, by their names. */
const ROOMS_SHOWN = 200;

interface ListProps {
  title: string;
  note?: string | undefined;
  empty: string;
  rows: ComponentChildren[];
  /** Behind the rows. */
  children?: ComponentChildren;
}

function List({ title, note, empty, rows, children }: ListProps) {
  const id = `head-${title.toLowerCase()}`;
  return (
    <section class="monitor-list" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        <span class="small">{note}</span>
      </header>
      {rows.length === 0 ? <p class="small">{empty}</p> : (
        <div
          class="rows"
          tabIndex={0}
          role="group"
          aria-label={`List of ${title.toLowerCase()}`}
        >
          <ul>{rows}</ul>
        </div>
      )}
      {children}
    </section>
  );
}

export function RoomList({ monitor }: { monitor: Monitor }) {
  const rooms = monitor.rooms.value;
  return (
    <List
      title="Rooms"
      note={`${rooms.length}`}
      empty="Nobody is in an open room."
      rows={rooms.slice(0, ROOMS_SHOWN).map(({ name, people, topic }) => (
        <li key={name}>
          <span class="name">{name}</span>
          <span class="figure">
            {people}
            <span class="hidden">people</span>
          </span>
          {topic !== undefined && <span class="small">{topic}</span>}
        </li>
      ))}
    />
  );
}

export function BanList({ monitor }: { monitor: Monitor }) {
  const bans = monitor.bans.value;
  return (
    <List
      title="Bans"
      note={`${bans.length}${monitor.hasMoreBans.value ? "+" : ""}`}
      empty="Nobody is banned from the server."
      rows={bans.map((ban) => (
        <BanRow key={ban.target} monitor={monitor} ban={ban} />
      ))}
    >
      <p class="row">
        {monitor.hasMoreBans.value && (
          <button
            type="button"
            class="button"
            onClick={() => void monitor.loadBans("more")}
          >
            More
          </button>
        )}
        <button
          type="button"
          class="button"
          onClick={() => void monitor.loadBans("anew")}
        >
          Look again
        </button>
      </p>
    </List>
  );
}

function BanRow({ monitor, ban }: { monitor: Monitor; ban: Ban }) {
  const { target, name, by, at, until, why } = ban;
  const end = until === undefined ? "for good" : `until ${dayAndTime(until)}`;
  return (
    <li>
      <span class="name">{name ?? target}</span>
      <button
        type="button"
        class="button"
        onClick={() => askUnban(monitor, ban)}
      >
        Lift<span class="hidden">the ban of {name ?? target}</span>
      </button>
      {name !== undefined && <span class="small mono">{target}</span>}
      <span class="small">
        by {by}, {dayAndTime(at)}, {end}
        {why !== undefined && `: ${why}`}
      </span>
    </li>
  );
}

export function AdminList({ monitor }: { monitor: Monitor }) {
  const { chat } = monitor;
  return (
    <List
      title="Admins"
      empty="No administrator is listed."
      rows={monitor.admins.value.map((line, at) => (
        <li key={at}>
          <span class="whole">{line}</span>
        </li>
      ))}
    >
      <p class="row">
        <button
          type="button"
          class="button"
          onClick={() => chat.dialog.value = { kind: "invite" }}
        >
          Invite somebody…
        </button>
      </p>
    </List>
  );
}
