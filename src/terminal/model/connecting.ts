/** What is said, and looked after, when a connection begins and ends. */
import type { ClientEvent } from "../../client/client.ts";
import { counted } from "../../text/counted.ts";
import { renderCut } from "../../text/render.ts";
import { shorten } from "../../wire/text.ts";
import type { ChatModel } from "./chat_model.ts";
import { show } from "./going.ts";

type EventOf<Kind> = Extract<ClientEvent, { kind: Kind }>;

/** How long the client waits for what was missed before it just says that it is back. */
const BACK_AFTER_MS = 1_000;
/** What a server calls itself, in a line of the client's own. */
const SERVER_SHOWN_CODE_POINTS = 64;

export function connected(
  model: ChatModel,
  { welcome, isFirst }: EventOf<"connected">,
): void {
  const { clock } = model;
  const { name, server, room, key } = welcome;
  model.connection = "online";
  model.lag.connected();
  model.known.clear();
  model.key = key;
  model.away = undefined;
  model.here = room;
  model.host.changed();
  if (!isFirst) {
    model.cancelBack = clock.after(BACK_AFTER_MS, () => back(model));
    return;
  }
  const help = "Tab completes, /help lists the commands";
  const where = shorten(server, SERVER_SHOWN_CODE_POINTS);
  model.out.note(`you are ${name} on ${where}; ${help}`);
  begin(model, room);
  learnForTab(model).catch(() => {
    // Then Tab knows only what the terminal itself does.
  });
}

/** Asks for what Tab offers: the server's commands, then the rooms that there are. */
async function learnForTab(model: ChatModel): Promise<void> {
  const question = { type: "command", name: "help" } as const;
  const answer = await model.askUnwaited(question);
  if (answer.type === "help") model.serverCommands = answer.commands;
  if (model.host.columns() !== Infinity) model.roomNames.ask();
}

/** The first connection: one is where one was at the end, or in the room that was entered. */
function begin(model: ChatModel, room: string): void {
  const { places, views, out } = model;
  const view = places.first(room);
  const { rooms, conversations } = places.restored;
  if (rooms + conversations === 0) {
    views.current = view;
  } else {
    const parts = [
      rooms > 0 ? counted(rooms, "room") : "",
      conversations > 0 ? counted(conversations, "conversation") : "",
    ]
      .filter((part) => part !== "");
    const back = rooms + conversations === 1
      ? "is back as you left it"
      : "are back as you left them";
    out.note(`${parts.join(" and ")} ${back}`);
    // What was typed ahead goes along.
    show(model, view, "followed");
  }
}

export function disconnected(
  model: ChatModel,
  { reason, retryInMs }: EventOf<"disconnected">,
): void {
  model.cancelBack?.();
  model.cancelBack = undefined;
  // Further tries fail in silence: the prompt says that there is no connection.
  if (model.connection === "offline") return;
  model.connection = "offline";
  model.host.changed();
  const why = renderCut(reason, retryInMs);
  // A server that has said goodbye may want to be left alone.
  const how = reason === "" ? "Enter tries at once, and " : "";
  model.out.happened(`${why}: ${how}what you say waits until then`);
}

/** Says once after a cut that one is back, and how much was missed. */
export function back(model: ChatModel, missed = ""): void {
  if (model.cancelBack === undefined) return;
  model.cancelBack();
  model.cancelBack = undefined;
  model.out.happened(missed === "" ? "back" : `back, ${missed} missed`);
}
