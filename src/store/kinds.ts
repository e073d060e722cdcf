/** What kinds of entries mean to those who keep them and bring them to people. */
import type { EntryKind, TextKind } from "./store.ts";

/** Whether it is something that people read, and search. */
export function isText(kind: EntryKind): kind is TextKind {
  return kind === "text" || kind === "action";
}
