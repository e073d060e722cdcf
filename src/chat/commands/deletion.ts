/** `/delete`: takes back what was said. */
import { ProtocolError } from "../../base/errors.ts";
import { COST_CHAT } from "../../base/limits.ts";
import { type Command, needRoom } from "./command.ts";

export const DELETE: Command = {
  name: "delete",
  aliases: [],
  args: "[SEQ]",
  text: "delete your last message here, or the one of this number; " +
    "operators delete those of others, too",
  cost: COST_CHAT,
  isForConversations: true,
  run(context, args) {
    if (!/^\d{0,15}$/.test(args)) {
      throw new ProtocolError("bad-arguments", "usage: /delete SEQ, a number");
    }
    const { connection, conversation, deletions, id } = context;
    const place = conversation === undefined
      ? { room: needRoom(context) }
      : { conversation };
    const seq = args === "" ? undefined : Number(args);
    deletions.delete(connection, place, seq, id);
  },
};
