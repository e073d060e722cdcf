/** The rooms that there are: to look through, to join, or to make another. */
import { useComputed, useSignal } from "@preact/signals";
import type { TargetedSubmitEvent } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { describeError } from "../../base/errors.ts";
import { foldName } from "../../wire/fold.ts";
import { bareRoom } from "../../wire/slash.ts";
import type { Chat, Room } from "../model/chat.ts";
import { join } from "../model/commands.ts";
import { Fault } from "./card.tsx";
import { Dialog } from "./dialog.tsx";
import { moveFocus } from "./move_focus.ts";

/** More are found by their names. */
const SHOWN = 200;

export function RoomsDialog({ chat }: { chat: Chat }) {
  const wanted = useSignal("");
  const fault = useSignal<string | undefined>(undefined);
  const isAsked = useSignal(false);
  const list = useRef<HTMLDivElement>(null);
  const close = () => chat.dialog.value = undefined;
  const failed = (error: unknown) => fault.value = describeError(error);
  useEffect(() => {
    chat.ask({ type: "command", name: "list", args: "" }).then((answer) => {
      if (answer.type === "rooms") chat.rooms.value = answer.rooms;
    }, failed).finally(() => isAsked.value = true);
  }, []);
  const found = useComputed(() => matching(chat.rooms.value, wanted.value));
  const enter = (room: string) =>
    join(chat, room).then(() => {
      if (chat.dialog.peek()?.kind === "rooms") close();
    }, failed);
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const room = wanted.value.trim();
    if (room !== "") void enter(room);
  };
  const isThere = chat.rooms.value.some(({ name }) =>
    foldName(name) === foldName(bareRoom(wanted.value.trim()))
  );
  return (
    <Dialog title="Rooms" onClose={close} size="wide">
      <div
        class="form"
        ref={list}
        onKeyDown={(event) => moveFocus(event, "input, .found")}
      >
        <form class="joining" onSubmit={submit}>
          <input
            autofocus
            aria-label="Find a room, or name a new one"
            placeholder="Find a room, or name a new one"
            aria-describedby="fault-rooms"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            value={wanted.value}
            onInput={({ currentTarget }) => {
              wanted.value = currentTarget.value;
              fault.value = undefined;
            }}
          />
          <button
            class="button primary"
            type="submit"
            disabled={wanted.value.trim() === ""}
          >
            {isThere || wanted.value.trim() === "" ? "Join" : "Create"}
          </button>
        </form>
        <Fault id="fault-rooms" text={fault.value} />
        <ul class="rooms" aria-busy={!isAsked.value}>
          {found.value.slice(0, SHOWN).map((room) => (
            <Entry key={room.name} room={room} enter={enter} chat={chat} />
          ))}
        </ul>
        {found.value.length > SHOWN && (
          <p class="small">{found.value.length - SHOWN} more: write a name.</p>
        )}
        {isAsked.value && found.value.length === 0 && (
          <p class="small">
            No such room is open to you; locked ones are not listed.
          </p>
        )}
      </div>
    </Dialog>
  );
}

function Entry(
  { chat, room: { name, people, topic }, enter }: {
    chat: Chat;
    room: Room;
    enter: (room: string) => void;
  },
) {
  const isIn = chat.find(name)?.isEntered.value === true;
  return (
    <li>
      <button type="button" class="found" onClick={() => enter(name)}>
        <span class="name">{name}</span>
        <span class="small">
          {peopleText(people)}
          {isIn && ", you are in it"}
        </span>
        {topic !== undefined && <span class="small topic">{topic}</span>}
      </button>
    </li>
  );
}

function peopleText(people: number): string {
  if (people === 0) return "empty";
  return people === 1 ? "1 person" : `${people} people`;
}

/** The fullest first, as the server lists them. */
function matching(rooms: readonly Room[], wanted: string): readonly Room[] {
  const text = bareRoom(wanted.trim()).toLowerCase();
  return rooms.filter(({ name, topic = "" }) =>
    name.toLowerCase().includes(text) || topic.toLowerCase().includes(text)
  );
}
