/** Commands that change how the client is set. */
import { wordAndRest } from "../../text/command_words.ts";
import type { ChatModel } from "../model/chat_model.ts";
import {
  changeSetting,
  describeSetting,
  describeSettings,
  isSettingName,
} from "../model/settings.ts";
import type { LocalCommand } from "./local_command.ts";

export const SETTING_COMMANDS: readonly LocalCommand[] = [
  {
    name: "quiet",
    args: "",
    text: "say nothing, or again, of people who come and go",
    run(model) {
      const isQuiet = model.memory.settings.comings === "off";
      set(model, "comings", isQuiet ? "fold" : "off");
    },
  },
  {
    name: "timestamps",
    args: "",
    text: "show, or hide, the time before each line",
    run(model) {
      const isOn = model.memory.settings.timestamps === "on";
      set(model, "timestamps", isOn ? "off" : "on");
    },
  },
  {
    name: "set",
    args: "[NAME VALUE]",
    text: "change a setting, for good; without a value: show it, or all",
    run(model, args) {
      const { out, memory: { settings } } = model;
      if (args === "") return out.note(describeSettings(settings));
      const [name, value] = wordAndRest(args, "/set NAME VALUE");
      if (value === "" && isSettingName(name)) {
        return out.note(describeSetting(settings, name));
      }
      set(model, name, value);
    },
  },
];

function set(model: ChatModel, name: string, value: string): void {
  // Judged before it is remembered, which happens later.
  changeSetting(model.memory.settings, name, value);
  model.remembered.change((memory) => ({
    ...memory,
    settings: changeSetting(memory.settings, name, value),
  }));
  model.out.note(`${name} is ${value} now`);
}
