/** Which key does what: as readline has it, and WeeChat where it is about rooms. */

/** The keys of each action, of the editor and of what concerns more than the text. */
const KEYS: Readonly<Record<string, string>> = {
  "left": "left ctrl+b",
  "right": "right ctrl+f",
  "word-left": "alt+b alt+left ctrl+left",
  "word-right": "alt+f alt+right ctrl+right",
  "line-start": "home ctrl+a",
  "line-end": "end ctrl+e",
  "text-start": "ctrl+home alt+<",
  "text-end": "ctrl+end alt+>",
  "backspace": "backspace ctrl+h",
  "delete": "delete",
  "kill-word": "alt+d ctrl+delete",
  "kill-word-back": "alt+backspace alt+ctrl+h ctrl+backspace",
  "kill-argument-back": "ctrl+w",
  "kill-to-end": "ctrl+k",
  "kill-to-start": "ctrl+u",
  "yank": "ctrl+y",
  "yank-other": "alt+y",
  "transpose": "ctrl+t",
  "upcase": "alt+u",
  "downcase": "alt+l",
  "capitalize": "alt+c",
  "undo": "ctrl+_",
  "newline": "alt+enter shift+enter alt+ctrl+j",
  "older": "up",
  "newer": "down",
  "search": "ctrl+r",
  "complete": "tab",
  "complete-back": "shift+tab",
  "enter": "enter",
  "interrupt": "ctrl+c",
  "delete-or-leave": "ctrl+d",
  "redraw": "ctrl+l",
  "next-room": "ctrl+n",
  "previous-room": "ctrl+p",
  "news": "alt+a",
};

const ACTIONS = new Map(
  Object.entries(KEYS).flatMap(([action, keys]) =>
    keys.split(" ").map((key) => [key, action])
  ),
);

/** The action of a key; `room-3` for Alt+3. */
export function actionOf(key: string): string | undefined {
  const room = /^alt\+([1-9])$/.exec(key);
  return room === null ? ACTIONS.get(key) : `room-${room[1]}`;
}
