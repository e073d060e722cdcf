/** What the server says, as lines of text for a person; each text is fit for display already. */
import { DATE_MAX_MS } from "../base/limits.ts";
import { DAY_MS, HOUR_MS } from "../base/time.ts";
import type { Ack, Left, ServerMessage, Stored, User } from "../wire/server.ts";

type Whois = Extract<ServerMessage, { type: "whois" }>;
type Conversations = Extract<ServerMessage, { type: "conversations" }>;
type Invite = Extract<ServerMessage, { type: "invite" }>;
type Bans = Extract<ServerMessage, { type: "bans" }>;
type FoundMessages = Extract<ServerMessage, { type: "found" }>;

/** The room of what was found in several. */
export const EVERYWHERE = "*";
/** Continuation lines stand under the text, behind the width of `[12:03] `. */
const INDENT = " ".repeat(8);
const SPANS = [
  ["day", DAY_MS],
  ["hour", HOUR_MS],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** A moment in milliseconds UTC; the nearest that there is, for one that no calendar has. */
export function dateOf(at: number): Date {
  return new Date(Math.min(Math.max(at || 0, 0), DATE_MAX_MS));
}

/** `12:03`, local time. */
export function clockTime(at: number): string {
  const date = dateOf(at);
  return [date.getHours(), date.getMinutes()]
    .map((part) => String(part).padStart(2, "0")).join(":");
}

/** `2026-11-28 12:03`, local time. */
export function dayAndTime(at: number): string {
  const date = new Date(at);
  const [month, day] = [date.getMonth() + 1, date.getDate()]
    .map((part) => String(part).padStart(2, "0"));
  return `${date.getFullYear()}-${month}-${day} ${clockTime(at)}`;
}

/** `2 hours, 5 minutes`: a length of time in whole seconds, the parts that are zero left out. */
export function durationText(ms: number): string {
  let rest = ms;
  return SPANS.flatMap(([unit, unitMs]) => {
    const count = Math.floor(rest / unitMs);
    rest -= count * unitMs;
    if (count === 0) return [];
    return [`${count} ${unit}${count === 1 ? "" : "s"}`];
  }).join(", ");
}

/** Why there is no connection, and when the next try is. */
export function renderCut(reason: string, retryInMs: number): string {
  const why = reason === "" ? "the connection was lost" : reason;
  const wait = durationText(Math.max(1, Math.ceil(retryInMs / 1_000)) * 1_000);
  return `${why}; trying again in ${wait}`;
}

/** A message that somebody said, or that is not there any more. */
export function renderStored(message: Stored): string | undefined {
  if (message.type === "unknown" || message.type === "gone") return undefined;
  if (message.type === "deleted") {
    const { target, room, by } = message;
    return `* message ${target} of ${room} was deleted by ${by}`;
  }
  const { type, from, at, action } = message;
  const whom = type === "private" ? `${from} → ${message.to}` : from;
  const text = indentLines(message.txt);
  const said = action ? `* ${whom} ${text}` : `${whom}: ${text}`;
  return `[${clockTime(at)}] ${said}`;
}

/**
 * Free words of a server begin with whose they are: what a client says itself looks alike. `server`
 * is a name that nobody can have.
 */
export function withSpeaker(message: ServerMessage): ServerMessage {
  const { type } = message;
  return type === "notice" || type === "error" || type === "bye"
    ? { ...message, text: `server: ${message.text}` }
    : message;
}

/** Any message, or `undefined` for one that has nothing to show. */
export function renderMessage(message: ServerMessage): string | undefined {
  switch (message.type) {
    case "chat":
    case "private":
    case "deleted":
    case "gone":
      return renderStored(message);
    case "joined":
      return `* ${message.name} joined ${message.room}`;
    case "left":
      return `* ${message.name} left ${message.room}${whyLeft(message)}`;
    case "renamed":
      return `* ${message.from} is now ${message.name}`;
    case "topic":
      return `* the topic of ${message.room} is: ${message.text} (${message.by})`;
    case "presence":
      return `* ${message.count} people are in ${message.room}`;
    case "users": {
      const { room, users, count } = message;
      const names = users.map(renderUser).join(", ");
      const others = count === undefined ? "" : ` and others, ${count} in all`;
      return `* in ${room}: ${names}${others}`;
    }
    case "rooms":
      return message.rooms.map(({ name, people, topic }) =>
        `* ${name} (${people || "empty"})${
          topic === undefined ? "" : `: ${topic}`
        }`
      ).join("\n") || "* there are no rooms";
    case "help":
      return message.commands.map(({ name, args, text }) =>
        `  ${`/${name} ${args}`.trimEnd().padEnd(20)}  ${text}`
      ).join("\n");
    case "whois":
      return renderWhois(message);
    case "history":
      return renderAll(message.messages) ??
        `* nothing was said in ${message.room} yet`;
    case "found":
      return renderFound(message);
    case "conversations":
      return renderConversations(message);
    case "invite":
      return `* ${renderInvite(message)}:\n${INDENT}${message.link}`;
    case "bans":
      return renderBans(message);
    case "notice":
    case "bye":
      return `* ${indentLines(message.text)}`;
    case "error":
      return `! ${indentLines(message.text)}`;
    default:
      return undefined;
  }
}

/** Why somebody is gone, behind what says it: ` (kicked by ann: noisy)`. */
export function whyLeft({ reason, by, why, banned }: Left): string {
  if (by === undefined) return REASONS.get(reason) ?? "";
  const because = why === undefined ? "" : `: ${why}`;
  return ` (${banned ? "banned" : "kicked"} by ${by}${because})`;
}

/** How the other person of a conversation is not there to read it; empty for one who is. */
export function renderPresence(other: string, { away, later }: Ack): string {
  if (later) return `${other} is not here: ${other} will read it later`;
  return away === undefined ? "" : `${other} is away: ${away}`;
}

/** `bob (operator, away: lunch)`; what somebody says of being away cannot end what is in brackets. */
function renderUser({ name, role, away }: User): string {
  const why = away?.replaceAll("(", "[").replaceAll(")", "]");
  const marks = [role ?? "", why === undefined ? "" : `away: ${why}`]
    .filter((mark) => mark !== "").join(", ");
  return marks === "" ? name : `${name} (${marks})`;
}

/** Names shown of conversations with something unread. */
const NAMES_SHOWN = 20;

function renderConversations({ list, more }: Conversations): string {
  const names = list.slice(0, NAMES_SHOWN).map(({ name, seq, read }) =>
    `${name} (${seq - read})`
  );
  const rest = `${list.length - names.length || ""}${more ? "+" : ""}`;
  const others = rest === "" ? "" : ` and ${rest} others`;
  return `* more people have written to you: ${names.join(", ")}${others}; ` +
    "/query NAME and then /history shows what";
}

/** Whom a link lets in, and until when. */
export function renderInvite({ uses, expires }: Invite): string {
  const whom = uses === 1
    ? "one person"
    : `${uses.toLocaleString("en")} people`;
  return `lets ${whom} in until ${dayAndTime(expires)}`;
}

function renderBans({ bans, more }: Bans): string {
  const lines = bans.map(({ target, name, by, at, until, why }) => {
    const end = until === undefined ? "" : ` until ${dayAndTime(until)}`;
    const because = why === undefined ? "" : `: ${why}`;
    const who = name === undefined ? target : `${name} ${target}`;
    return `* ${who}, banned by ${by} on ${dayAndTime(at)}${end}${because}`;
  });
  const last = bans.at(-1)?.target;
  if (more && last !== undefined) {
    lines.push(`* there are more: /server bans ${last}`);
  }
  return lines.join("\n") || "* nobody is banned from the server";
}

function renderFound(message: FoundMessages): string {
  const rest = renderRest(message);
  const nothing = rest === undefined ? "nothing" : "nothing so far";
  const { room, messages, query } = message;
  const isInAll = room === EVERYWHERE;
  const place = isInAll ? "what you may read" : room;
  const found = renderAll(messages, isInAll ? renderPlaced : renderStored) ??
    `* ${nothing} in ${place} has all of: ${query}`;
  return rest === undefined ? found : `${found}\n* ${rest}`;
}

/** How far back a search has looked, and how it goes on, unless it came to the beginning. */
function renderRest(message: FoundMessages): string | undefined {
  const { searched, more } = message;
  if (searched === undefined) return undefined;
  const date = dayAndTime(searched.at);
  const how = `/search ${furtherSearch(message)}`;
  return more
    ? `there are more before ${date}: ${how} shows them`
    : `searched back to ${date}: ${how} goes on`;
}

/** What goes on with a search, as arguments of the command. */
export function furtherSearch(
  { where, searched, query }: FoundMessages,
): string {
  const { seq, room } = searched ?? {};
  const place = room === undefined ? "" : `${room}:`;
  return [
    ...(where === undefined ? [] : [`in:${where}`]),
    ...(seq === undefined ? [] : [`before:${place}${seq}`]),
    query,
  ].join(" ");
}

/** A message that was found somewhere, with its day and its place. */
function renderPlaced(message: Stored): string | undefined {
  if (message.type !== "chat" && message.type !== "private") return undefined;
  const text = renderStored(message)?.replace(
    `[${clockTime(message.at)}] `,
    "",
  );
  const where = message.type === "chat" ? `${message.room}: ` : "";
  return `[${dayAndTime(message.at)}] ${where}${text}`;
}

/** The messages of a page that can be shown, one below the other. */
function renderAll(
  messages: readonly Stored[],
  render = renderStored,
): string | undefined {
  return messages.map(render).filter((line) => line !== undefined)
    .join("\n") || undefined;
}

function renderWhois(message: Whois): string {
  const { name, key, role, rooms, since, idleMs, away, seen } = message;
  const rank = role === undefined ? "" : ` (${role})`;
  const silent = durationText(idleMs - idleMs % 60_000);
  const presence = seen !== undefined
    ? [`not here, last seen ${dayAndTime(seen)}`]
    : [
      `here since ${clockTime(since)}`,
      ...(rooms.length === 0 ? [] : [`in ${rooms.join(", ")}`]),
      ...(silent === "" ? [] : [
        away === undefined ? `silent for ${silent}` : `last seen ${silent} ago`,
      ]),
    ];
  return [
    `* ${name} is ${key ?? "a guest"}${rank}`,
    ...presence,
    ...(away === undefined ? [] : [`away: ${away}`]),
  ].join(", ");
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["cut", " (connection lost)"],
  ["kicked", " (kicked)"],
]);

function indentLines(text: string): string {
  return text.replaceAll("\n", `\n${INDENT}`);
}
