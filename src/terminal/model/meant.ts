/** For whom what is being typed is meant: where one was, or was on the way to, as it was begun. */
import { TEXT_MAX_CODE_POINTS } from "../../base/limits.ts";
import { counted } from "../../text/counted.ts";
import { parseSlash, unslash } from "../../wire/slash.ts";
import { splitText } from "../../wire/split.ts";
import type { ChatModel } from "./chat_model.ts";
import type { Meant } from "./view.ts";

/** More lines, or more messages, are asked about before they are sent. */
const LINES_UNASKED = 5;
const MESSAGES_UNASKED = 2;

/** For whom what is begun now is meant. */
export function meantNow({ views: { current }, moves }: ChatModel): Meant {
  return {
    view: current,
    name: current?.name ?? "no room",
    changes: current?.changes ?? 0,
    order: moves.followed?.latest,
  };
}

/**
 * What a person should know before a text is carried out where one is now: that it would go to
 * another than it was begun for, that it is much, that it does what a paste should not.
 */
export function doubtsOf(
  model: ChatModel,
  text: string,
  meant: Meant,
  how: "typed" | "otherwise",
): string[] {
  const command = parseSlash(text);
  const isCommand = command !== undefined && command.name !== "";
  const doubts = [doubtOfPlace(model, meant)];
  const lines = text.trim().split("\n").length;
  if (isCommand) {
    const isPasted = how === "otherwise" && lines > 1;
    doubts.push(isPasted ? `/${command.name} with ${lines} lines` : undefined);
  } else {
    const begin = text.trimStart();
    const isIndented = begin !== text && parseSlash(begin) !== undefined;
    doubts.push(isIndented ? "blank before /, so no command" : undefined);
    const messages = partsOf(text).length;
    const isMuch = messages > MESSAGES_UNASKED ||
      (lines > LINES_UNASKED && how === "otherwise");
    const count = `${counted(lines, "line")} in ${
      counted(messages, "message")
    }`;
    doubts.push(isMuch ? count : undefined);
  }
  return doubts.filter((doubt) => doubt !== undefined);
}

/** The messages that a text makes. */
export function partsOf(text: string): string[] {
  return splitText(unslash(text), TEXT_MAX_CODE_POINTS - 1)
    .map((part) => part.replace(/^\n+/, "").trimEnd())
    .filter((part) => part !== "");
}

function doubtOfPlace(model: ChatModel, meant: Meant): string | undefined {
  const { views: { current }, moves } = model;
  const { order, view, name, changes } = meant;
  // What is entered now waits until it is known where that leads.
  if (moves.followed !== undefined) return undefined;
  const here = current?.name ?? "no room";
  if (order !== undefined && order.state !== "arrived") {
    return `typed after ${order.line}, and you are in ${here}`;
  }
  const target = order === undefined ? view : order.view;
  if (target === undefined) return undefined;
  if (target !== current) return `typed for ${name}, and you are in ${here}`;
  if (order !== undefined || changes === current?.changes) return undefined;
  return current?.isPrivate && name !== here
    ? `${name} is ${here} now`
    : `${here} may be somebody else now`;
}
