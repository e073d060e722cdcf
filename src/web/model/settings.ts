/** What a person can set in the page. The first choice is the default. */

const CHOICES = {
  /** As the system has it, or one's own choice. */
  theme: ["system", "light", "dark"],
  /** When a sound is heard. */
  sound: ["calls", "off", "all"],
  /** Notifications of the desktop, for what is meant for the person. */
  notify: ["off", "calls"],
  /** Whether people who come and go are shown. */
  coming: ["shown", "hidden"],
  /** Whether others are told that one is typing. */
  typing: ["on", "off"],
  /** Whether the list of people is there. */
  people: ["shown", "hidden"],
} as const;

export type SettingName = keyof typeof CHOICES;
export type Settings = {
  readonly [Name in SettingName]: typeof CHOICES[Name][number];
};

export const SETTING_NAMES = Object.keys(CHOICES) as SettingName[];

export function choicesOf<Name extends SettingName>(
  name: Name,
): readonly Settings[Name][] {
  return CHOICES[name] as readonly string[] as readonly Settings[Name][];
}

/** The settings that were stored: what is not known or wrong is as by default. */
export function readSettings(value: unknown): Settings {
  const given: Record<string, unknown> = Object(value);
  const settings = SETTING_NAMES.map((name) => {
    const choices: readonly string[] = CHOICES[name];
    return [name, choices.find((one) => one === given[name]) ?? choices[0]];
  });
  return Object.fromEntries(settings) as Settings;
}
