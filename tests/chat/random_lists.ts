/** Of the random run: what the hub lists is what it said. */
import type { RecordWrite } from "../../src/store/store.ts";
import type { ServerMessage, Users } from "../../src/wire/server.ts";
import type { Line, Model, Place } from "./random_model.ts";
import { fold, violated } from "./random_names.ts";

/** In larger rooms people may be listed in any order. */
const ORDERED = 120;

/** `users` as an answer: of the room that the connection is in. */
export function checkUsers(model: Model, users: Users, line: Line): void {
  if (line.current === undefined || line.current.name !== users.room) {
    violated(`${line.human.name} is not in ${users.room}`);
  }
  checkPeople(model, line.current, users);
}

/** The people of a room, in the order they came. */
export function checkPeople(
  model: Model,
  place: Place,
  { room, users, count }: Users,
): void {
  if (room !== place.name) violated(`${place.name} is called ${room}`);
  if ((count ?? users.length) !== place.people.size) {
    violated(`${room} has ${place.people.size} people, not ${users.length}`);
  }
  // A turn that was taken back does not bring back the order of many.
  const isOrdered = place.people.size <= ORDERED;
  const people = place.people.keys();
  const named = isOrdered
    ? undefined
    : new Map(place.people.keys().map((human) => [human.name, human]));
  const { muted } = model.rules.get(place.key);
  for (const { name, key, guest, role, away } of users) {
    const human = named === undefined ? people.next().value : named.get(name);
    if (human?.name !== name || human.key !== key) {
      violated(`${name} is listed in ${room}, where ${human?.name} is`);
    }
    if ((guest === true) !== (key === undefined)) violated(`${name}: guest`);
    const expected = model.awayOf(human);
    // Where somebody is muted, others may be who come from there.
    const isHidden = muted.size > 0 && away === undefined;
    if (away !== expected && !isHidden) {
      violated(`${name} is said to be away (${away}), and said ${expected}`);
    }
    if (role !== model.rules.roleOf(key, place.key)) {
      violated(`${name} is said to be ${role} of ${room}`);
    }
  }
}

/** All rooms with people that are not locked, and behind them only such as the asker may enter. */
export function checkList(
  model: Model,
  { rooms }: Extract<ServerMessage, { type: "rooms" }>,
  line: Line,
): void {
  const { places, rules } = model;
  const empty = rooms.slice(
    rooms.findLastIndex(({ people }) => people > 0) + 1,
  );
  const listed = new Map(rooms.map((room) => [fold(room.name), room]));
  if (listed.size !== rooms.length) violated("a room is listed twice");
  for (const place of places.values()) {
    const room = listed.get(place.key);
    if (rules.get(place.key).locked !== (room === undefined)) {
      violated(`${place.name} is locked and listed, or neither`);
    }
    if (room === undefined) continue;
    if (room.name !== place.name || room.people !== place.people.size) {
      violated(`${place.name} is listed as ${room.name}, ${room.people}`);
    }
    listed.delete(place.key);
  }
  for (const [key, room] of listed) {
    if (!empty.includes(room)) violated(`nobody is in ${room.name}`);
    const refusal = rules.refusalOf(model.asker(line), key);
    const isOpen = !rules.has(key) || !rules.get(key).locked;
    if (!isOpen || refusal !== undefined && !rules.isUnsure(line.id, key)) {
      violated(`${line.human.name} may not enter ${room.name}: ${refusal}`);
    }
  }
}

/** Records that are somebody's are of people with keys. */
export function checkWrites(writes: readonly RecordWrite[]): void {
  for (const { kind, key, value } of writes) {
    if (value === null) continue;
    const people = kind === "person"
      ? [key]
      : kind === "read"
      ? [key.split(" ")[0]!]
      : kind === "talk"
      ? key.split(" ").slice(1)
      : kind === "name"
      ? [(value as { person: string }).person]
      : [];
    const text = JSON.stringify(value);
    if (people.some((person) => !person.startsWith("SHA256:"))) {
      violated(`a guest has a record: ${kind} ${key} ${text}`);
    }
    if (kind === "room" && /"guest \d/.test(text)) {
      violated(`a guest has a role: ${text}`);
    }
  }
}

/** Everything at once: who hears a room may read it, and rooms without people are not there. */
export function checkAll(
  model: Model,
  usersOf: (place: Place) => Users | undefined,
): void {
  for (const place of model.places.values()) {
    const users = usersOf(place);
    if (users !== undefined) checkPeople(model, place, users);
    for (const [human, { lines, leavesAt }] of place.people) {
      if (!human.places.has(place)) violated(`${human.name} is half there`);
      if ((lines.size === 0) !== (leavesAt !== undefined)) {
        violated(`${human.name} is neither there nor cut`);
      }
      for (const line of lines) mayHear(model, line, place);
    }
  }
  const called = new Set<string>();
  for (const { name } of model.humans.values()) {
    if (name === undefined) continue;
    if (called.has(fold(name))) violated(`two people are called ${name}`);
    called.add(fold(name));
  }
}

function mayHear(model: Model, line: Line, { key }: Place): void {
  const asker = model.asker(line);
  const refusal = model.rules.refusalOf(asker, key);
  if (refusal !== undefined && !model.rules.isUnsure(line.id, key)) {
    violated(`${line.human.name} hears ${key}: ${refusal}`);
  }
}
