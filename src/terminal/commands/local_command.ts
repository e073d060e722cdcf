/** What a command of the terminal client is: a row of a table, from which help is made, too. */
import type { HelpRow } from "../../wire/server.ts";
import type { ChatModel } from "../model/chat_model.ts";

export interface LocalCommand extends HelpRow {
  readonly aliases?: readonly string[];
  run(model: ChatModel, args: string): void | Promise<void>;
}
