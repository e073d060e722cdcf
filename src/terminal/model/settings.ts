/** What `/set` can set, and how. */
import { UsageError } from "../../base/errors.ts";
import { nearest } from "../../base/nearest.ts";

const TABLE = {
  bell: {
    choices: ["private", "off", "all"],
    help: "ring for what is meant for you, never, or for every message",
  },
  notify: {
    choices: ["off", "osc9", "osc777"],
    help: "desktop notifications through the terminal, by its own escape",
  },
  timestamps: { choices: ["on", "off"], help: "the time before each message" },
  comings: {
    choices: ["fold", "on", "off"],
    help:
      "people who come and go: those of a moment in one line, each, or none",
  },
  palette: {
    choices: ["auto", "dark", "light"],
    help: "colors for a dark or a light terminal; auto asks the terminal",
  },
  colors: {
    choices: ["on", "off"],
    help: "colors in what others say, as /markup shows",
  },
  numbers: {
    choices: ["off", "on"],
    help: "the number of each message, by which /delete knows it",
  },
  typing: {
    choices: ["on", "off"],
    help: "let others know that you are typing",
  },
} as const;

export type SettingName = keyof typeof TABLE;
/** The first choice is the default. */
export type Settings = {
  [Name in SettingName]: typeof TABLE[Name]["choices"][number];
};

export const SETTING_NAMES = Object.keys(TABLE) as SettingName[];

export function choicesOf(name: string): readonly string[] {
  return isSettingName(name) ? TABLE[name].choices : [];
}

/** The settings of a file: what it does not know or has wrong is as by default. */
export function readSettings(value: unknown): Settings {
  const { quiet, ...others }: Record<string, unknown> = Object(value);
  // Files of before have it so.
  const before = quiet === "on" ? { comings: "off" } : {};
  const given: Record<string, unknown> = { ...before, ...others };
  const settings = SETTING_NAMES.map((name) => {
    const choices = choicesOf(name);
    return [name, choices.find((one) => one === given[name]) ?? choices[0]];
  });
  return Object.fromEntries(settings) as Settings;
}

/**
 * The settings with one changed.
 *
 * @throws {UsageError} when there is no such setting, or no such choice.
 */
export function changeSetting(
  settings: Settings,
  name: string,
  choice: string,
): Settings {
  const choices = choicesOf(name);
  if (choices.includes(choice)) return { ...settings, [name]: choice };
  if (choices.length > 0) {
    const wanted = choices.join(" or ");
    throw new UsageError(`${name} is ${wanted}, not ${JSON.stringify(choice)}`);
  }
  const near = nearest(name, SETTING_NAMES);
  const hint = near ? `did you mean ${near}?` : SETTING_NAMES.join(", ");
  throw new UsageError(`there is no setting ${JSON.stringify(name)}: ${hint}`);
}

/** A line for each setting: its value, what else it may be, what it does. */
export function describeSettings(settings: Settings): string {
  return SETTING_NAMES.map((name) => describeSetting(settings, name))
    .join("\n");
}

/** The line of one setting. */
export function describeSetting(settings: Settings, name: SettingName): string {
  const { choices, help } = TABLE[name];
  return `/set ${name} ${settings[name]} (${choices.join(", ")}): ${help}`;
}

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(TABLE, name);
}
