/** The topic of a room: everybody may see it, operators set it. */
import { ProtocolError } from "../../base/errors.ts";
import { COST_CHAT, TOPIC_MAX_CODE_POINTS } from "../../base/limits.ts";
import { type Command, needRoom } from "./command.ts";

export const TOPIC: Command = {
  name: "topic",
  aliases: [],
  args: "[TEXT]",
  text: "show the topic of the room you are in; operators set it",
  cost: COST_CHAT,
  run(context, args) {
    const { roles, core, person } = context;
    const room = needRoom(context);
    const topic = roles.topicOf(room);
    if (args === "") {
      if (topic === undefined) {
        return context.answer({
          type: "notice",
          text: `${room.name} has no topic`,
        });
      }
      return context.answer({
        type: "notice",
        text: `the topic of ${room.name} is: ${topic.text} (${topic.by})`,
      });
    }
    roles.demand(person, room, "operator");
    roles.requireUnmuted(context.connection, room);
    const text = args.replace(/\s+/g, " ");
    const length = [...text].length;
    if (length > TOPIC_MAX_CODE_POINTS) {
      throw new ProtocolError(
        "bad-arguments",
        `a topic has ${length} characters, at most ${TOPIC_MAX_CODE_POINTS} are allowed`,
      );
    }
    const changed = { text, by: person.name!, at: core.now.wall };
    roles.change(room, { topic: changed });
    core.announce(room, { type: "topic", room: room.name, ...changed });
    context.done("the topic is set");
  },
};
