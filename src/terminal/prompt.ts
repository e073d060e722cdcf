/** `join` on a terminal: a line to type on, and what arrives above it. */
import { createInterface } from "node:readline";
import process from "node:process";
import { bold, dim } from "@std/fmt/colors";
import type { Client, ClientEvent } from "../client/client.ts";
import { describeError } from "../errors.ts";
import type { ServerMessage } from "../wire/server_messages.ts";
import { splitText } from "../wire/split.ts";
import { cleanText } from "../wire/text.ts";
import { clockTime, renderMessage, renderStored } from "../text/render.ts";

/** Runs until the person leaves or the client ends; throws what ended it. */
export async function runPrompt(client: Client): Promise<void> {
  const terminal = createInterface({
    input: process.stdin,
    output: process.stdout,
    historySize: 500,
  });
  const print = (text: string) => {
    // The line being typed is taken off the screen, and drawn again below what arrived.
    process.stdout.write(`\r\x1b[J${text}\n`);
    terminal.prompt(true);
  };
  const setPrompt = () =>
    terminal.setPrompt(`${client.current === "" ? "" : client.current} › `);

  terminal.on("line", (line) => {
    say(client, line).then((own) => {
      if (own !== undefined) print(own);
    }, (error) => print(`! ${describeError(error)}`)).finally(setPrompt);
    setPrompt();
    terminal.prompt();
  });
  terminal.on("SIGINT", () => terminal.close());
  const left = new Promise<void>((resolve) => terminal.on("close", resolve));
  left.then(() => client.close());

  try {
    for await (const event of client) {
      setPrompt();
      const text = renderEvent(event);
      if (text !== undefined) print(text);
      if (event.kind === "ended" && event.error !== undefined) {
        throw event.error;
      }
    }
  } finally {
    terminal.close();
    await left;
  }
}

/** Says a line or carries out a command; the result is one's own message as others see it, once it is acknowledged. */
async function say(client: Client, line: string): Promise<string | undefined> {
  const text = cleanText(line.toWellFormed());
  if (text.trim() === "") return undefined;
  if (text === "exit" || text === "quit") {
    await client.close();
    return undefined;
  }
  if (text.startsWith("/") && !text.startsWith("//")) {
    const [, name = "", args = ""] = /^\/(\S*)\s*([^]*)$/.exec(text)!;
    await client.request({ type: "command", name, args: args.trimEnd() });
    return undefined;
  }
  let at = Date.now();
  for (const txt of splitText(text)) {
    const ack = await client.request({ type: "chat", txt });
    if (ack.type === "ack" && ack.at !== undefined) at = ack.at;
  }
  return dim(`[${clockTime(at)}] sent`);
}

function renderEvent(event: ClientEvent): string | undefined {
  switch (event.kind) {
    case "connected":
      return event.isFirst
        ? bold(`you are ${event.welcome.name}; /help lists the commands`)
        : "* connected again";
    case "disconnected":
      return `* ${event.reason}; trying again in ${
        Math.ceil(event.retryInMs / 1_000)
      } s`;
    case "history":
      return event.fresh.map(renderStored).filter((line) => line !== undefined)
        .join("\n") || undefined;
    case "message":
      return isShown(event.message) ? renderMessage(event.message) : undefined;
    default:
      return undefined;
  }
}

function isShown(message: ServerMessage): boolean {
  return message.type !== "ack" && message.type !== "typing" &&
    message.type !== "read" &&
    !(message.type === "error" && message.id !== undefined);
}
