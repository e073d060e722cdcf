/** Who is connected, live. */
import { useComputed, useSignal } from "@preact/signals";
import type { Signal } from "@preact/signals";
import { bytesText, spanText } from "../../../text/quantities.ts";
import { dayAndTime } from "../../../text/render.ts";
import type { WatchedConnection } from "../../../wire/watched.ts";
import {
  arranged,
  type Column,
  nextOrder,
  type Order,
} from "../../model/connection_list.ts";
import type { Monitor } from "../../model/monitor.ts";
import { actionsOnConnection } from "../../model/monitor_actions.ts";
import { Icon } from "../icon.tsx";
import { Menu } from "../menu.tsx";
import { moveFocus } from "../move_focus.ts";
import { secondTime } from "./second_time.ts";

const HEADS: readonly { column: Column; text: string }[] = [
  { column: "name", text: "Name" },
  { column: "key", text: "Key" },
  { column: "address", text: "Address" },
  { column: "dialect", text: "Speaks" },
  { column: "since", text: "Since" },
  { column: "rooms", text: "Rooms" },
  { column: "idle", text: "Idle" },
  { column: "queued", text: "Queued" },
];
/** Of a fingerprint: `SHA256:` and a few more. */
const KEY_SHOWN_CHARACTERS = 15;
const DAY_MS = 86_400_000;

export function ConnectionTable({ monitor }: { monitor: Monitor }) {
  const order = useSignal<Order | undefined>(undefined);
  const wanted = useSignal("");
  const shown = useComputed(() =>
    arranged(monitor.connections.value, order.value, wanted.value)
  );
  const more = monitor.more.value;
  return (
    <section class="connections" aria-labelledby="head-connections">
      <header>
        <h2 id="head-connections">Connections</h2>
        <span class="small">
          {shown.value.length}
          {more > 0 && ` of ${monitor.connections.value.length + more}`}
        </span>
        <input
          type="search"
          aria-label="Find a connection"
          placeholder="Name, key, address, room"
          spellcheck={false}
          value={wanted.value}
          onInput={({ currentTarget }) => wanted.value = currentTarget.value}
        />
      </header>
      <div
        class="table"
        tabIndex={0}
        role="group"
        aria-label="Rows of connections"
        onKeyDown={(event) => moveFocus(event, "tbody .icon")}
      >
        <table>
          <thead>
            <tr>
              {HEADS.map((head) => (
                <Head key={head.column} {...head} order={order} />
              ))}
              <th class="acts">
                <span class="hidden">What to do</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.value.map((one) => (
              <Row key={one.id} monitor={monitor} connection={one} />
            ))}
          </tbody>
        </table>
      </div>
      {more > 0 && (
        <p class="small">
          {more}{" "}
          others are not listed: those that read slowly come first, then the
          latest.
        </p>
      )}
    </section>
  );
}

interface HeadProps {
  column: Column;
  text: string;
  order: Signal<Order | undefined>;
}

function Head({ column, text, order }: HeadProps) {
  const now = order.value?.column === column
    ? order.value.direction
    : undefined;
  return (
    <th aria-sort={now ?? "none"} class={column}>
      <button
        type="button"
        onClick={() => order.value = nextOrder(order.value, column)}
      >
        {text}
        <span aria-hidden="true" class="arrow">
          {now === undefined ? "" : now === "ascending" ? "↑" : "↓"}
        </span>
      </button>
    </th>
  );
}

interface RowProps {
  monitor: Monitor;
  connection: WatchedConnection;
}

function Row({ monitor, connection }: RowProps) {
  const { name, address, rooms, moreRooms, idleMs, queuedBytes, behind } =
    connection;
  const others = moreRooms === undefined ? "" : ` +${moreRooms}`;
  return (
    <tr class={behind ? "behind" : ""}>
      <td class="name">
        {name ?? <span class="small">no hello yet</span>}
      </td>
      <td class="key">
        <Key text={connection.key} isNamed={name !== undefined} />
      </td>
      <td class="address mono">{address}</td>
      <td class="dialect">
        {connection.dialect}
        {!connection.encrypted && <span class="bad">plain</span>}
      </td>
      <td class="since">{sinceText(connection, monitor)}</td>
      <td class="rooms">{rooms.join(", ")}{others}</td>
      <td class="idle">{spanText(idleMs)}</td>
      <td class="queued">
        {bytesText(queuedBytes)}
        {behind && <span class="bad">behind</span>}
      </td>
      <td class="acts">
        <Menu
          label={`What to do about ${name ?? address}`}
          class="icon"
          items={actionsOnConnection(monitor, connection)}
        >
          <Icon name="more" />
        </Menu>
      </td>
    </tr>
  );
}

/** Its beginning, and all of it on demand. */
function Key(
  { text, isNamed }: { text: string | undefined; isNamed: boolean },
) {
  const isWhole = useSignal(false);
  if (text === undefined) {
    return <span class="small">{isNamed ? "guest" : ""}</span>;
  }
  return (
    <button
      type="button"
      class="mono"
      aria-expanded={isWhole.value}
      onClick={() => isWhole.value = !isWhole.value}
    >
      {isWhole.value ? text : `${text.slice(0, KEY_SHOWN_CHARACTERS)}…`}
    </button>
  );
}

/** Today the time is enough. */
function sinceText({ since }: WatchedConnection, { status }: Monitor): string {
  const now = status.peek()?.at ?? since;
  return now - since < DAY_MS ? secondTime(since) : dayAndTime(since);
}
