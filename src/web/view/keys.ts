/** The keys of the page, at one place: what they are, what they are for, and how they are shown. */

export type KeyAction =
  | "switcher"
  | "search"
  | "keys"
  | "news"
  | "before"
  | "next"
  | "unread-before"
  | "unread-next"
  | "page-up"
  | "page-down"
  | "close"
  | "bold"
  | "italic"
  | "code"
  | `place-${number}`;

interface KeyRow {
  readonly action?: KeyAction;
  /** `mod` is Cmd on macOS and Ctrl elsewhere. Without an action it is told only. */
  readonly chord: string;
  /** Where Alt with a letter or digit types a character. */
  readonly onMac?: string;
  readonly text: string;
}

const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

export const KEYS: readonly { title: string; rows: readonly KeyRow[] }[] = [
  {
    title: "Places",
    rows: [
      {
        action: "switcher",
        chord: "mod+k",
        text: "go to a room or person by name",
      },
      { chord: "alt+1…9", onMac: "ctrl+1…9", text: "go to a place" },
      {
        action: "news",
        chord: "alt+a",
        onMac: "ctrl+alt+a",
        text: "go to news",
      },
      {
        action: "before",
        chord: "alt+ArrowUp",
        text: "the place before",
      },
      { action: "next", chord: "alt+ArrowDown", text: "the next place" },
      {
        action: "unread-before",
        chord: "alt+shift+ArrowUp",
        text: "the unread one before",
      },
      {
        action: "unread-next",
        chord: "alt+shift+ArrowDown",
        text: "the next unread one",
      },
    ],
  },
  {
    title: "Writing",
    rows: [
      { chord: "Enter", text: "send" },
      { chord: "shift+Enter", text: "a new line" },
      { chord: "Tab", text: "complete; again: the next" },
      { chord: "ArrowUp", text: "what you sent, in an empty field" },
      { action: "bold", chord: "mod+b", text: "*bold*" },
      { action: "italic", chord: "mod+i", text: "_italic_" },
      { action: "code", chord: "mod+e", text: "`code`" },
    ],
  },
  {
    title: "The page",
    rows: [
      { action: "page-up", chord: "PageUp", text: "scroll back" },
      { action: "page-down", chord: "PageDown", text: "scroll on" },
      { action: "search", chord: "mod+shift+f", text: "search" },
      { action: "close", chord: "Escape", text: "close what is open" },
      { action: "keys", chord: "mod+/", text: "these keys" },
    ],
  },
];

const IS_MAC = /^Mac|^iP/.test(globalThis.navigator?.platform ?? "");

const BY_CHORD = actionsByChord(IS_MAC);

function actionsByChord(isMac: boolean): ReadonlyMap<string, KeyAction> {
  const rows = KEYS.flatMap(({ rows }) => rows).flatMap(
    ({ action, chord, onMac }): [string, KeyAction][] =>
      action === undefined ? [] : [[isMac && onMac || chord, action]],
  );
  const digits = DIGITS.map((digit): [string, KeyAction] => [
    `${isMac ? "ctrl" : "alt"}+${digit}`,
    `place-${digit}`,
  ]);
  return new Map([...rows, ...digits]);
}

type Pressed = Pick<
  KeyboardEvent,
  "key" | "code" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey"
>;

/** What a key is for; `undefined` when it is none of the page's. */
export function actionOf(event: Pressed): KeyAction | undefined {
  return BY_CHORD.get(chordOf(event, IS_MAC));
}

/** The chord of a key, in the form of the table. */
export function chordOf(event: Pressed, isMac: boolean): string {
  const { altKey, ctrlKey, metaKey, shiftKey, code } = event;
  // With Alt the key may be another character, with other layouts another letter.
  const plain = altKey ? /^(?:Digit|Key)(\w)$/.exec(code)?.[1] : undefined;
  const key = plain ?? event.key;
  const name = key.length === 1 ? key.toLowerCase() : key;
  // A sign has its Shift in it.
  const isShifted = shiftKey && /^\w+$/.test(name);
  return [
    ...isMac ? (metaKey ? ["mod"] : []) : (ctrlKey ? ["mod"] : []),
    ...isMac && ctrlKey ? ["ctrl"] : [],
    ...!isMac && metaKey ? ["meta"] : [],
    ...altKey ? ["alt"] : [],
    ...isShifted ? ["shift"] : [],
    name,
  ].join("+");
}

const SHOWN: ReadonlyMap<string, string> = new Map([
  ["mod", IS_MAC ? "⌘" : "Ctrl"],
  ["ctrl", "Ctrl"],
  ["alt", IS_MAC ? "⌥" : "Alt"],
  ["shift", "Shift"],
  ["ArrowUp", "↑"],
  ["ArrowDown", "↓"],
  ["Escape", "Esc"],
  ["PageUp", "PgUp"],
  ["PageDown", "PgDn"],
]);

/** The keys of a row, one after the other, as they stand on a keyboard. */
export function shownKeys({ chord, onMac }: KeyRow): string[] {
  return (IS_MAC && onMac || chord).split("+")
    .map((part) =>
      SHOWN.get(part) ?? (part.length === 1 ? part.toUpperCase() : part)
    );
}
