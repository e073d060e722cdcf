/** Commands of whose private messages one does not want. */
import { ProtocolError } from "../../base/errors.ts";
import { BLOCKED_PEOPLE, COST_CHAT } from "../../base/limits.ts";
import { isFingerprint } from "../../wire/fingerprint_text.ts";
import { type Command, type CommandContext, oneWord } from "./command.ts";
import type { Listed } from "../records.ts";

export const BLOCK: Command = {
  name: "block",
  aliases: [],
  args: "[NAME]",
  text:
    "take no private messages from somebody; /block alone lists who that is",
  cost: COST_CHAT,
  run(context, args) {
    if (args === "") return list(context);
    const { core, person } = context;
    const owner = needOwnName(context);
    const { key, name } = needOther(context, oneWord(args, "/block NAME"));
    if (blockedBy(context, owner).length >= BLOCKED_PEOPLE) {
      throw new ProtocolError(
        "limit-reached",
        `one can block ${BLOCKED_PEOPLE} people: /unblock one first`,
      );
    }
    if (key === person.key) {
      throw new ProtocolError("bad-arguments", "one cannot block oneself");
    }
    core.records.put("block", `${owner} ${key}`, { name });
    context.done(`${name} cannot write to you privately any more`);
  },
};

export const UNBLOCK: Command = {
  name: "unblock",
  aliases: [],
  args: "NAME",
  text: "take private messages from somebody again",
  cost: COST_CHAT,
  run(context, args) {
    const owner = needOwnName(context);
    const asked = oneWord(args, "/unblock NAME");
    const key = context.core.findPerson(asked)?.key ?? asked;
    const blocked = blockedBy(context, owner).find((one) =>
      one.key === `${owner} ${key}` || one.value.name === asked
    );
    if (blocked === undefined) {
      throw new ProtocolError(
        "no-such-person",
        `you have not blocked ${asked}: /block lists whom you have`,
      );
    }
    context.core.records.removeLater("block", blocked.key);
    context.done(`${blocked.value.name} may write to you privately again`);
  },
};

function list(context: CommandContext): void {
  const owner = context.person.key;
  const names = owner === undefined
    ? []
    : blockedBy(context, owner).map(({ value }) => value.name);
  const text = names.length === 0
    ? "you have blocked nobody"
    : `you have blocked ${names.join(", ")}`;
  context.answer({ type: "notice", text });
}

function blockedBy({ core }: CommandContext, owner: string): Listed<"block">[] {
  return core.records.list("block", `${owner} `, BLOCKED_PEOPLE);
}

/** One's own key. Keys are made without effort: those that hold no name are not remembered. */
function needOwnName({ core, person }: CommandContext): string {
  const { key } = person;
  if (key === undefined || core.people.claims.heldBy(key) === undefined) {
    throw new ProtocolError(
      "not-allowed",
      "only people with a name of their own can block others: /name NAME takes one",
    );
  }
  return key;
}

/** Somebody with a key, by name or by the key itself. */
function needOther(
  { core }: CommandContext,
  asked: string,
): { key: string; name: string } {
  if (isFingerprint(asked)) return { key: asked, name: asked };
  const { key, name } = core.needPerson(asked);
  if (key !== undefined) return { key, name };
  throw new ProtocolError(
    "not-allowed",
    `${name} is a guest and comes back as another: only people with keys can be blocked`,
  );
}
