/** `/help`: the commands of the server and those of the terminal, in one list. */
import type { ChatModel } from "../model/chat_model.ts";
import { findLocalCommand, LOCAL_COMMANDS } from "./local_commands.ts";

/** Help about all commands, one, or those that begin so: the server's and the terminal's own. */
export async function help(model: ChatModel, args: string): Promise<void> {
  const wanted = args.replace(/^\//, "").toLowerCase();
  const local = findLocalCommand(wanted);
  if (local !== undefined) {
    return model.out.other({ type: "help", commands: [local] });
  }
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
  model.out.other({ type: "help", commands: [...ofServer, ...ofTerminal] });
}
