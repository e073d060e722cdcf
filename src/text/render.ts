/** What the server says, as lines of text for a person; each text is fit for display already. */
import type { ServerMessage, Stored } from "../wire/server.ts";

type Whois = Extract<ServerMessage, { type: "whois" }>;

/** Continuation lines stand under the text, behind the width of `[12:03] `. */
const INDENT = " ".repeat(8);

/** `12:03`, local time. */
export function clockTime(at: number): string {
  const date = new Date(at);
  return `${String(date.getHours()).padStart(2, "0")}:${
    String(date.getMinutes()).padStart(2, "0")
  }`;
}

/** A message that somebody said. */
export function renderStored(message: Stored): string | undefined {
  if (message.type === "unknown") return undefined;
  const { from, txt, at, action } = message;
  const whom = message.type === "private" ? `${from} → ${message.to}` : from;
  const text = indentLines(txt);
  return `[${clockTime(at)}] ${
    action ? `* ${whom} ${text}` : `${whom}: ${text}`
  }`;
}

/** Any message, or `undefined` for one that has nothing to show. */
export function renderMessage(message: ServerMessage): string | undefined {
  switch (message.type) {
    case "chat":
    case "private":
      return renderStored(message);
    case "joined":
      return `* ${message.name} joined ${message.room}`;
    case "left":
      return `* ${message.name} left ${message.room}${
        REASONS[message.reason] ?? ""
      }`;
    case "renamed":
      return `* ${message.from} is now ${message.name}`;
    case "topic":
      return `* the topic of ${message.room} is: ${message.text} (${message.by})`;
    case "presence":
      return `* ${message.count} people are in ${message.room}`;
    case "users":
      return `* in ${message.room}: ${
        message.users.map((user) => user.name).join(", ")
      }${
        message.count === undefined
          ? ""
          : ` and others, ${message.count} in all`
      }`;
    case "rooms":
      return message.rooms.length === 0
        ? "* there are no rooms with people in them"
        : message.rooms.map((room) => {
          return `* ${room.name} (${room.people})${
            room.topic === undefined ? "" : `: ${room.topic}`
          }`;
        }).join("\n");
    case "help":
      return message.commands.map(({ name, args, text }) =>
        `  /${`${name} ${args}`.trimEnd().padEnd(20)} ${text}`
      ).join("\n");
    case "whois":
      return renderWhois(message);
    case "history":
      return renderAll(message.messages) ??
        `* nothing was said in ${message.room} yet`;
    case "found":
      return renderAll(message.messages) ??
        `* nothing in ${message.room} has all of: ${message.query}`;
    case "notice":
      return `* ${indentLines(message.text)}`;
    case "error":
      return `! ${indentLines(message.text)}`;
    case "bye":
      return `* ${indentLines(message.text)}`;
    default:
      return undefined;
  }
}

/** The messages of a page that can be shown, one below the other. */
function renderAll(messages: readonly Stored[]): string | undefined {
  return messages.map(renderStored).filter((line) => line !== undefined)
    .join("\n") || undefined;
}

function renderWhois(
  { name, key, rooms, since, idleMs, away }: Whois,
): string {
  const minutes = Math.floor(idleMs / 60_000);
  return [
    `* ${name} is ${key ?? "a guest"}`,
    `here since ${clockTime(since)}`,
    ...(rooms.length === 0 ? [] : [`in ${rooms.join(", ")}`]),
    ...(minutes === 0 ? [] : [`silent for ${minutes} min`]),
    ...(away === undefined ? [] : [`away: ${away}`]),
  ].join(", ");
}

const REASONS: Readonly<Record<string, string>> = {
  cut: " (connection lost)",
  kicked: " (kicked)",
};

function indentLines(text: string): string {
  return text.replaceAll("\n", `\n${INDENT}`);
}
