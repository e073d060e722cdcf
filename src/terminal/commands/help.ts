/** `/help`: what the server can do and what the terminal can, under the same headings. */
import type { HelpRow } from "../../wire/server.ts";
import type { ChatModel } from "../model/chat_model.ts";
import { findLocalCommand, LOCAL_COMMANDS } from "./local_commands.ts";

type Topic = readonly [title: string, commands: readonly HelpRow[]];

/** What commands are about, the everyday things last: they stand next to the prompt. */
const TOPICS: readonly (readonly [title: string, names: string])[] = [
  ["the server", "server"],
  [
    "keeping a room",
    "ops kick ban unban bans mute unmute mutes op deop lock unlock invite",
  ],
  [
    "how it looks and rings",
    "set timestamps quiet highlight unhighlight markup",
  ],
  ["people", "users whois verify ignore unignore block unblock"],
  ["reading back", "history search more around"],
  ["talking", "me msg query reply away delete topic"],
  ["places", "list join leave windows go"],
  ["yourself, and this", "name help keys close"],
];
/** What stands in none of them. */
const OTHERS = "more";

/** Help about all commands, one, or those that begin so. */
export async function help(model: ChatModel, args: string): Promise<void> {
  const wanted = args.replace(/^\//, "").toLowerCase();
  const local = findLocalCommand(wanted);
  if (local !== undefined) return show(model, [local]);
  const ofTerminal = LOCAL_COMMANDS.filter((one) =>
    [one.name, ...one.aliases ?? []].some((name) => name.startsWith(wanted))
  );
  const question = { type: "command", name: "help", args: wanted } as const;
  const answer = await model.ask(question).catch((error) => {
    // The server need not know a word that the terminal knows.
    if (ofTerminal.length === 0) throw error;
    const commands = model.serverCommands.filter(({ name }) =>
      name.startsWith(wanted)
    );
    return { type: "help", commands } as const;
  });
  if (answer.type !== "help") return;
  const ofServer = answer.commands.filter(({ name }) =>
    !LOCAL_COMMANDS.some((one) => one.name === name)
  );
  const all = [...ofServer, ...ofTerminal];
  if (wanted !== "") return show(model, all);
  for (const [title, commands] of byTopic(all)) {
    model.out.rule(title);
    show(model, commands);
  }
  model.out.note("/help WORD explains what begins so, /keys lists the keys");
}

function show({ out }: ChatModel, commands: readonly HelpRow[]): void {
  out.other({ type: "help", commands: [...commands] });
}

/** The commands under each heading that has any, in the order of the headings. */
function byTopic(all: readonly HelpRow[]): Topic[] {
  const rows = new Map(all.map((row) => [row.name, row]));
  const topics = TOPICS.map(([title, names]): Topic => {
    const found = names.split(" ").map((name) => {
      const row = rows.get(name);
      rows.delete(name);
      return row;
    });
    return [title, found.filter((row) => row !== undefined)];
  });
  const others: Topic = [OTHERS, [...rows.values()]];
  return [others, ...topics].filter(([, some]) => some.length > 0);
}
