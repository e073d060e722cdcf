/** Of the random run: what people are told of others, here or not, and of who keeps a room. */
import type { AckPlace } from "../../src/chat/effects.ts";
import type { ServerMessage } from "../../src/wire/server.ts";
import type { Human, Line, Model } from "./random_model.ts";
import { fold, violated } from "./random_names.ts";

/** An ack of a private message, or of anything else. */
export function checkPresence(
  model: Model,
  line: Line,
  { to, away, later }: AckPlace,
): void {
  if (to === undefined) {
    if (away !== undefined || later) violated("a room is said to be away");
    return;
  }
  const human = model.names.find(to);
  const isHere = human !== undefined && isReachable(human);
  if (human === line.human) {
    if (away !== undefined || later) violated("one hears that one is away");
  } else if (later === true) {
    if (isHere) violated(`${to} is here, and reads it later`);
    if (model.names.keyOf(to) === undefined) violated(`${to} comes back`);
  } else if (!isHere) violated(`${to} is not here, and that is not said`);
  else if (away !== undefined && away !== model.awayOf(human)) {
    violated(`${to} is said to be away (${away})`);
  }
}

/** Who is not here is told of to people with keys, and rooms are named that the asker may read. */
export function checkWhois(
  model: Model,
  line: Line,
  { name, rooms, seen, away }: Extract<ServerMessage, { type: "whois" }>,
): void {
  const human = model.names.find(name);
  if (seen !== undefined) {
    if (line.human.key === undefined) violated(`a guest hears of ${name}`);
    if (human !== undefined && isReachable(human)) violated(`${name} is here`);
    if (rooms.length > 0) violated(`${name} is in ${rooms} and not here`);
    if (seen > model.clock.wall()) violated(`${name} was seen tomorrow`);
  } else if (human !== undefined && away !== undefined) {
    if (away !== model.awayOf(human)) violated(`${name} is away: ${away}`);
  }
  for (const room of rooms) {
    const key = fold(room);
    const refusal = model.rules.refusalOf(model.asker(line), key);
    if (refusal === undefined || model.rules.isUnsure(line.id, key)) continue;
    violated(`${line.human.name} hears that ${name} is in ${room}`);
  }
}

/** No list says from where somebody came. */
export function checkNotice(
  { text }: Extract<ServerMessage, { type: "notice" }>,
): void {
  if (/\d+\.\d+\.\d+\.\d+/.test(text)) violated(`an address is told: ${text}`);
}

function isReachable({ lines }: Human): boolean {
  return lines.values().some(({ isReady }) => isReady);
}
