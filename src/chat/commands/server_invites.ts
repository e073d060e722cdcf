/** `/server invite` and what belongs to it: whom the server lets in. */
import { ProtocolError } from "../../base/errors.ts";
import {
  INVITE_KEPT_MAX_MS,
  INVITE_KEPT_MS,
  INVITE_USES_MAX,
} from "../../base/limits.ts";
import { given } from "../../base/given.ts";
import { DAY_MS } from "../../base/time.ts";
import type { Audit } from "../effects.ts";
import { FINGERPRINT_PREFIX } from "../../wire/fingerprint_text.ts";
import { judgeRoom } from "../../wire/names.ts";
import { bareRoom } from "../../wire/slash.ts";
import type { Offer } from "../invites.ts";
import { NOT_LET_IN } from "../gate.ts";
import { type CommandContext, oneWord } from "./command.ts";
import { readDuration } from "./duration.ts";

const USAGE = "/server invite [ROOM] [7d] [USES]";
/** Of more there would be no end. */
const ADMINS_LISTED = 200;

export const SERVER_INVITE = {
  name: "invite",
  args: "[ROOM] [7d] [USES]",
  text:
    "make a link that lets people in, one within 7 days unless you say otherwise",
  run(context: CommandContext, args: string): void {
    const { gate, person } = context;
    // Who is an administrator has a key.
    const offer = { by: person.key!, ...readOffer(args) };
    note(context, "invite", given({ room: offer.room }));
    context.answer({ type: "invite", ...gate.invites.make(offer) });
  },
} as const;

/** Read from the end: a room may be called like a time or a number. */
function readOffer(args: string): Omit<Offer, "by"> {
  const words = args.split(/\s+/).filter((word) => word !== "");
  const uses = /^\d+$/.test(words.at(-1) ?? "") ? Number(words.pop()) : 1;
  const last = words.at(-1);
  const time = last === undefined ? undefined : readDuration(last, USAGE);
  if (time !== undefined) words.pop();
  const [typed, ...surplus] = words;
  if (surplus.length > 0) {
    throw new ProtocolError("bad-arguments", `usage: ${USAGE}`);
  }
  const keptMs = time ?? INVITE_KEPT_MS;
  judgeCount(uses, INVITE_USES_MAX, "people", "let in");
  judgeCount(keptMs / DAY_MS, INVITE_KEPT_MAX_MS / DAY_MS, "days", "last");
  const room = typed === undefined ? undefined : bareRoom(typed);
  if (room !== undefined) judgeRoom(room);
  return { room, keptMs, uses };
}

function judgeCount(
  count: number,
  most: number,
  what: string,
  does: string,
): void {
  if (count > 0 && count <= most) return;
  throw new ProtocolError(
    "bad-arguments",
    `an invite may ${does} from 1 to ${most} ${what}`,
  );
}

export const SERVER_REVOKE = {
  name: "revoke",
  args: "TARGET or all",
  text:
    "take back that an invite let somebody in, by name or fingerprint, and end that invite; or end all open invites",
  run(context: CommandContext, args: string): void {
    const { gate, core } = context;
    const word = oneWord(args, "/server revoke TARGET, or /server revoke all");
    core.records.demandStoring();
    if (word === "all") {
      note(context, "revoke", { target: word });
      return context.done(`${gate.invites.endAll()} open invites were ended`);
    }
    const { key, text } = keyOf(context, word);
    if (key === undefined || !gate.invites.expel(key)) {
      throw new ProtocolError(
        "no-such-person",
        `no invite has let ${text} in`,
      );
    }
    note(context, "revoke", { target: text });
    letGo(context, key);
    context.done(`${text} was let in by an invite, and is not any more`);
  },
} as const;

export const SERVER_ADMINS = {
  name: "admins",
  args: "",
  text: "list the administrators of the server",
  run(context: CommandContext): void {
    const { roles, core } = context;
    const lines = roles.admins.slice(0, ADMINS_LISTED).map((key) => {
      const name = core.records.get("person", key)?.name;
      return name === undefined ? key : `${name} ${key}`;
    });
    context.answer({ type: "notice", text: lines.join("\n") });
  },
} as const;

export const SERVER_DEADMIN = {
  name: "deadmin",
  args: "TARGET",
  text:
    "make somebody whom a link made an administrator an ordinary person again, and end the invites that are open of it",
  run(context: CommandContext, args: string): void {
    const { core, person } = context;
    const { key, text } = keyOf(
      context,
      oneWord(args, "/server deadmin TARGET"),
    );
    if (key === undefined || !context.roles.depose(key)) {
      throw new ProtocolError(
        "not-allowed",
        context.roles.isAdmin(key)
          ? `${text} is an administrator by how the server is started`
          : `${text} is no administrator`,
      );
    }
    // With one of its own it would let itself in again.
    context.gate.invites.endAll(key);
    note(context, "deadmin", { target: text });
    const connections = [...core.people.get(key)?.connections ?? []];
    core.tell(connections.filter((one) => one !== context.connection), {
      type: "notice",
      text: `${person.name} made you an ordinary person of this server again`,
    });
    context.watching.review();
    letGo(context, key);
    context.done(`${text} is no administrator any more`);
  },
} as const;

function note(
  { core, person }: CommandContext,
  action: string,
  of: Pick<Audit, "target" | "room">,
): void {
  core.audit({ action: `server ${action}`, by: person.name!, ...of });
}

/** Somebody by name, with `@` or without, or by fingerprint. */
function keyOf(
  { core }: CommandContext,
  word: string,
): { key: string | undefined; text: string } {
  if (word.startsWith(FINGERPRINT_PREFIX)) return { key: word, text: word };
  const { key, name } = core.needPerson(word.replace(/^@/, ""));
  return { key, text: name };
}

/** Whom nothing else lets in must go. */
function letGo({ gate, end }: CommandContext, key: string): void {
  for (const connection of gate.strangers(key)) {
    end(connection, "refused", NOT_LET_IN);
  }
}
