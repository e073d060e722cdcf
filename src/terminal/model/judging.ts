/** Looks at whose key is behind a name, and shouts where it is another than was verified. */
import type { Author } from "../../memory/known_keys.ts";
import type { Shown } from "../../memory/server_memory.ts";
import { foldName } from "../../wire/fold.ts";
import type { Said } from "../../wire/server.ts";
import type { ChatModel } from "./chat_model.ts";

/** Alarms that are remembered, so that none is repeated. */
const ALARMS = 1_000;

/** Somebody is named, with the key or as a guest. */
export function meet(model: ChatModel, user: Shown): void {
  const view = model.views.find(`@${user.name}`);
  const before = model.known.of(user.name);
  if (before.is === "known") view?.heldBy(before.key);
  view?.heldBy(user.key);
  model.known.note(user);
  judge(model, { ...user, is: "known" });
}

/** What was said before somebody was verified may well be another's: it is marked, no more. */
export function judgeReplayed(model: ChatModel, message: Said): void {
  const author = model.known.authorOf(message, "replayed");
  const verified = model.server.verified.find(({ name }) =>
    foldName(name) === foldName(author.name)
  );
  if (verified === undefined || message.from === model.client.name) return;
  if (message.at >= Date.parse(verified.at)) judge(model, author);
}

/** Looks at the key of somebody who was verified. */
export function judge(model: ChatModel, author: Author): void {
  const { alarmed } = model;
  const { name, key } = author;
  const id = `${name} ${key}`;
  if (model.markOf(author) === "other" || alarmed.has(id)) return;
  if (alarmed.size === ALARMS) alarmed.clear();
  alarmed.add(id);
  model.out.alarm(
    key === undefined
      ? `${name} is a guest without a key now, and not the one you verified`
      : `the key of ${name} has CHANGED since you verified it: this may be somebody else; ` +
        `compare anew with /verify ${name}`,
  );
}
