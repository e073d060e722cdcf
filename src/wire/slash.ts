/** What people write before a word: `/` makes a text a command, `//` says a slash; `#` is a room's. */

/** A command as it was typed, the arguments without the blanks around them. */
export interface SlashCommand {
  readonly name: string;
  readonly args: string;
}

/** The command that a text is, or `undefined` for words: they begin with no slash, or with two. */
export function parseSlash(txt: string): SlashCommand | undefined {
  if (!txt.startsWith("/") || txt.startsWith("//")) return undefined;
  const [, name, args] = /^\/(\S*)\s*([^]*)$/.exec(txt)!;
  return { name: name!, args: args!.trimEnd() };
}

/** What a text that is no command says: `//x` says `/x`. */
export function unslash(txt: string): string {
  return txt.startsWith("//") ? txt.slice(1) : txt;
}

/** The text that says these words as they are; with a slash before it is one character longer. */
export function enslash(words: string): string {
  return words.startsWith("/") ? `/${words}` : words;
}

/** A room's name as a person may write it: one `#` before it is none of it. */
export function bareRoom(name: string): string {
  return name.length > 1 && name.startsWith("#") ? name.slice(1) : name;
}
