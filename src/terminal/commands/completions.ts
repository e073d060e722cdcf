/** What Tab offers of what there is in the chat. */
import type { Completions } from "../input/completion.ts";
import type { ChatModel } from "../model/chat_model.ts";
import type { View } from "../model/view.ts";
import { LOCAL_COMMANDS } from "./local_commands.ts";

export function completionsOf(model: ChatModel): Completions {
  const { views, serverCommands, roomNames } = model;
  const isNews = (view: View) => view.unread > 0;
  const byNews = [
    ...views.all.filter((view) => view.isCalling),
    ...views.all.filter((view) => isNews(view) && !view.isCalling),
    ...views.all.filter((view) => !isNews(view) && view !== views.current),
  ];
  return {
    commands: [...LOCAL_COMMANDS, ...serverCommands],
    people: views.people(),
    places: byNews.map(({ name }) => name),
    // Those where one is are no use to /join, but to a link for others.
    rooms: () => [
      ...views.all.flatMap((one) => one.isPrivate ? [] : [one.name]),
      ...roomNames.get(),
    ],
  };
}
