/**
 * Of the random run: what a message must have done, and what must not have been done for who may
 * not.
 */
import type { Effect } from "../../src/chat/effects.ts";
import type { ClientMessage } from "../../src/wire/client.ts";
import type { ErrorMessage } from "../../src/wire/server.ts";
import { requestId } from "./random_answers.ts";
import type { Human, Line, Model, Place } from "./random_model.ts";
import { fold, violated } from "./random_names.ts";
import { isModeration } from "./random_rules.ts";

export interface Command {
  readonly name: string;
  readonly args: string;
}

const ALIASES: Readonly<Record<string, string>> = {
  nick: "name",
  part: "leave",
  quit: "close",
  exit: "close",
};

/** The command that a message is, if it is one. */
export function commandOf(message: ClientMessage): Command | undefined {
  if (message.type !== "chat" && message.type !== "command") return undefined;
  const text = message.type === "chat"
    ? message.txt
    : `/${message.name} ${message.args ?? ""}`;
  const [, word, args] = /^\/(?!\/)(\S*)\s*([^]*)$/.exec(text) ?? [];
  if (word === undefined) return undefined;
  const name = word.toLowerCase();
  return { name: ALIASES[name] ?? name, args: args!.trim() };
}

/** What a request came to: `ack`, another type of answer, or the code of an error. */
function outcomeOf(
  line: Line,
  id: string | undefined,
  effects: readonly Effect[],
): string | undefined {
  for (const effect of effects) {
    if (effect.kind !== "answer" || effect.to !== line.id) continue;
    const { message } = effect;
    if (message.type === "error") return message.code;
    if (message.type === "ack" && message.id === id) return "ack";
    // The answer that a list is.
    if (message.type === "notice" && message.id && message.id === id) {
      return "notice";
    }
  }
  return undefined;
}

/** The room that a search names: where it is, or before what in all. */
function searchedRoom(args: string): string | undefined {
  const [, where, before] = /^in:#?(\S+)(?: before:(\S+):)?/.exec(args) ?? [];
  return where === "all" ? before : where;
}

function isError(effect: Effect): boolean {
  return effect.kind === "answer" && effect.message.type === "error";
}

/** What is said to be wrong with a room or a name must be so. */
function checkError(
  model: Model,
  line: Line,
  { code }: ErrorMessage,
  { room, name }: { room?: string | undefined; name?: string | undefined },
): void {
  if (code === "banned" || code === "room-locked") {
    const asker = model.asker(line);
    const key = fold(room ?? line.current?.key ?? "lobby");
    if (model.rules.refusalOf(asker, key) === code) return;
    if (!model.rules.isUnsure(line.id, key)) {
      violated(`${key} is said to be ${code} to ${line.human.name}`);
    }
  } else if (code === "name-taken") {
    model.names.refused(name ?? "", line.human.key, line.human.name);
  }
}

/**
 * Looks at a message before its effects are applied.
 *
 * @returns what looks at it again after that.
 */
export function checkCommand(
  model: Model,
  line: Line,
  message: ClientMessage,
): (effects: readonly Effect[]) => string | undefined {
  const command = commandOf(message);
  const place = line.current;
  const asked = {
    room: command?.name === "join"
      ? command.args.replace(/^\+/, "")
      : message.type === "history"
      ? message.room
      : command?.name === "search"
      ? searchedRoom(command.args)
      : undefined,
    name: command?.name === "name" ? command.args : undefined,
  };
  if (message.type === "hello") asked.name = message.name;
  const { human } = line;
  const wasHere = human.name !== undefined;
  const isLast = line.isReady && human.lines.size === 1;
  return (effects) => {
    if (!wasHere && human.name !== undefined) model.comes(human);
    if (isLast && (message.type === "bye" || command?.name === "close")) {
      model.setAway(human, "");
    }
    if (command?.name === "away" && line.isReady && !effects.some(isError)) {
      model.setAway(human, command.args);
    }
    if (command?.name === "join" && !effects.some(isError)) {
      line.current = model.places.get(fold(asked.room!));
    }
    for (const effect of effects) {
      if (effect.kind !== "answer" || effect.message.type !== "error") continue;
      if (message.type === "hello" && effect.message.code !== "name-taken") {
        continue;
      }
      checkError(model, line, effect.message, asked);
    }
    if (command === undefined || !isModeration(command)) return undefined;
    const outcome = outcomeOf(line, requestId(message), effects);
    moderate(model, line, place, command, outcome);
    return `${command.name} ${outcome}`;
  };
}

function moderate(
  model: Model,
  line: Line,
  place: Place | undefined,
  { name, args }: Command,
  outcome: string | undefined,
): void {
  const { rules, names } = model;
  const [target = ""] = args.split(/\s/);
  const takesName = !["topic", "lock", "unlock", "unban", "bans", "mutes"]
    .includes(name);
  const isKnown = names.knows(target);
  const targetKey = names.keyOf(target);
  const isAllowed = place !== undefined &&
    (!takesName || isKnown) &&
    rules.allows(
      name,
      line.human.key,
      place.key,
      takesName ? targetKey ?? null : undefined,
    );
  if (outcome === "not-allowed" && isAllowed) {
    violated(`${line.human.name} may /${name} ${args}, and was refused`);
  }
  if (outcome !== "ack" && outcome !== "notice") return;
  if (!isAllowed) violated(`${line.human.name} may not /${name} ${args}`);
  const isKept =
    targetKey !== undefined && /^(ban|mute|op|invite)$/.test(name) ||
    /^(lock|unlock|topic)$/.test(name);
  if (isKept) rules.keep(place.key);
  act(model, place, name, target, targetKey);
}

/** What an acknowledged command means from now on. */
function act(
  model: Model,
  place: Place,
  command: string,
  target: string,
  targetKey: string | undefined,
): void {
  const { rules, names } = model;
  const room = place.key;
  const human = names.find(target) ?? model.humans.get(targetKey ?? "");
  const { operators, invited, muted, locked } = rules.get(room);
  switch (command) {
    case "ban":
      banFrom(model, room, human, human?.name ?? target, targetKey);
      for (const one of place.people.keys()) mayStay(model, place, one);
      /* falls through */
    case "kick":
      throwOut(model, place, human, targetKey);
      return;
    case "unban": {
      const lines = Array.from(human?.lines ?? [], ({ id }) => id);
      return rules.unban(room, target, targetKey, lines);
    }
    case "mute":
      if (human !== undefined && isFar(human)) rules.keep(room);
      return rules.change(room, { muted: muted.union(idOf(human, targetKey)) });
    case "unmute":
      return rules.change(room, {
        muted: muted.difference(idOf(human, targetKey)),
      });
    case "op":
      return rules.change(room, {
        operators: operators.union(new Set([targetKey!])),
      });
    case "deop":
      return rules.change(room, {
        operators: operators.difference(new Set([targetKey!])),
        // Who is there while the room is locked stays.
        invited: locked && human !== undefined && place.people.has(human)
          ? invited.union(new Set([targetKey!]))
          : invited,
      });
    case "lock":
      return lock(model, place);
    case "unlock":
      return rules.change(room, { locked: false, invited: new Set() });
    case "invite":
      return rules.change(room, {
        invited: invited.union(new Set([targetKey!])),
      });
  }
}

/** Whether it comes from an address that is noted. */
function isFar({ lines }: Human): boolean {
  return lines.values().some(({ address }) => !address.startsWith("127."));
}

function idOf(human: Human | undefined, key: string | undefined): Set<string> {
  return new Set([key ?? human!.id]);
}

function banFrom(
  model: Model,
  room: string,
  human: Human | undefined,
  name: string,
  key: string | undefined,
): void {
  const { rules } = model;
  const lines = [...human?.lines ?? []];
  const addresses = model.addressesOf(human, key);
  if (key !== undefined) return rules.ban(room, { name, key }, addresses);
  for (const { id, address } of lines) {
    rules.banGuest(id, room);
    rules.ban(room, { name, address }, addresses);
  }
}

function throwOut(
  model: Model,
  place: Place,
  human: Human | undefined,
  key: string | undefined,
): void {
  const { rules } = model;
  if (human !== undefined && place.people.has(human)) {
    const isCut = place.people.get(human)!.lines.size === 0;
    if (!isCut) violated(`${human.name} was thrown out and is there`);
    // In a crowd nobody is told of one who was cut before.
    model.depart(human, place, "kicked");
  }
  // Who is banned while not here has no use of what it keeps.
  if (key === undefined || human === undefined) return;
  const { operators, invited } = rules.get(place.key);
  rules.change(place.key, {
    operators: operators.difference(new Set([key])),
    invited: invited.difference(new Set([key])),
  });
}

function mayStay(model: Model, { people, key }: Place, human: Human): void {
  for (const line of people.get(human)?.lines ?? []) {
    const refusal = model.rules.refusalOf(model.asker(line), key);
    if (refusal === "banned") violated(`${human.name} is banned and stays`);
  }
}

function lock({ rules }: Model, place: Place): void {
  const present = new Set<string>();
  for (const { key, name } of place.people.keys()) {
    if (key === undefined) violated(`the guest ${name} is in a locked room`);
    present.add(key);
  }
  const { invited } = rules.get(place.key);
  rules.change(place.key, { locked: true, invited: invited.union(present) });
}
