/** What can be done with somebody: the same in the list of people, on their card, and in a talk. */
import { UsageError } from "../../base/errors.ts";
import { isIgnored } from "../../memory/ignored.ts";
import type { Shown } from "../../memory/server_memory.ts";
import { foldName } from "../../wire/fold.ts";
import type { Chat } from "./chat.ts";
import { command } from "./commands.ts";
import { talkTo } from "./conversations.ts";
import { ignore, unignore } from "./local_commands.ts";
import { ADMIN, CREATOR, OPERATOR, ownRank, rankOf, seenOf } from "./people.ts";
import type { Place } from "./place.ts";

export interface PersonAction {
  readonly text: string;
  readonly isGrave?: true;
  run(): void;
}

const LOBBY = "lobby";

/** Everything that one may do with somebody, as seen from a place. */
export function actionsOn(
  chat: Chat,
  place: Place | undefined,
  shown: Shown,
): PersonAction[] {
  if (shown.name === chat.name.value) return ofOneself(chat, shown);
  const key = shown.key ?? chat.known.of(shown.name).key;
  const who = { name: shown.name, ...key === undefined ? {} : { key } };
  return [
    ...ofEverybody(chat, who),
    ...place === undefined ? [] : ofOperators(chat, place, who),
    ...chat.isAdmin.value ? ofAdmins(chat, who) : [],
  ];
}

function ofOneself(chat: Chat, shown: Shown): PersonAction[] {
  return [
    { text: "Who am I", run: () => chat.card.value = shown },
    {
      text: "My fingerprint",
      run: () => chat.dialog.value = { kind: "own-key" },
    },
  ];
}

function ofEverybody(chat: Chat, who: Shown): PersonAction[] {
  const { name, key } = who;
  const hasKeys = key !== undefined && chat.key.value !== undefined;
  const isQuiet = isIgnored(chat.ignored.value, { ...who, is: "known" });
  const verify = chat.isVerified(name, key) ? "Compare words again" : "Verify";
  return [
    {
      text: "Message",
      run: () => doOrTell(chat, meant(chat, who, () => talkTo(chat, name))),
    },
    { text: "Who is this", run: () => chat.card.value = who },
    ...hasKeys
      ? [{
        text: verify,
        run: () => chat.dialog.value = { kind: "verify", name } as const,
      }]
      : [],
    isQuiet ? { text: "Hear again", run: () => hearAgain(chat, who) } : {
      text: "Ignore",
      run: () => ignore(chat, isAnother(chat, who) ? key! : name),
    },
  ];
}

/** Whether whoever has the name now is another than who was shown; of a guest nothing tells. */
export function isAnother(chat: Chat, { name, key }: Shown): boolean {
  const now = chat.known.of(name);
  return key !== undefined && now.is === "known" && now.key !== key;
}

/** What goes by a name is for who was shown under it. */
async function meant(
  chat: Chat,
  who: Shown,
  doing: () => void | Promise<void>,
): Promise<void> {
  if (isAnother(chat, who)) {
    throw new UsageError(`nothing was done: ${who.name} is somebody else now`);
  }
  await doing();
}

function hearAgain(chat: Chat, { name, key }: Shown): void {
  try {
    unignore(chat, key ?? name);
  } catch (error) {
    chat.fault(error);
  }
}

/** Operators may do this to those below them. */
function ofOperators(chat: Chat, place: Place, who: Shown): PersonAction[] {
  const { name, key } = who;
  if (place.isPrivate || !place.isEntered.value) return [];
  const room = place.title.value;
  const own = ownRank(chat, place);
  const user = place.byName.value.get(name);
  const rank = rankOf(user?.role);
  if (own < OPERATOR || rank >= own) return [];
  const doIt = (verb: string, why = "") =>
    meant(chat, who, () => command(chat, verb, `${name} ${why}`.trim(), place));
  const now = (text: string, verb: string): PersonAction => ({
    text,
    run: () => doOrTell(chat, doIt(verb)),
  });
  const mayRank = own >= CREATOR && key !== undefined &&
    foldName(room) !== LOBBY;
  const mayInvite = user === undefined && key !== undefined &&
    place.isLocked.value;
  return [
    ...mayRank && rank < OPERATOR ? [now("Make an operator", "op")] : [],
    ...mayRank && rank === OPERATOR ? [now("Unmake an operator", "deop")] : [],
    ...mayInvite ? [now(`Invite to ${room}`, "invite")] : [],
    now("Let speak again", "unmute"),
    now("Mute", "mute"),
    ...user === undefined ? [now("Lift the ban", "unban")] : [
      grave(chat, {
        text: `Kick from ${room}…`,
        title: `Kick ${name} from ${room}?`,
        what: `${name} leaves the room and may come back.`,
        label: "Reason",
        yes: `Kick ${name}`,
        run: (why) => doIt("kick", why),
      }),
    ],
    grave(chat, {
      text: `Ban from ${room}…`,
      title: `Ban ${name} from ${room}?`,
      what: `${name} leaves the room and cannot come back until unbanned.`,
      label: "Reason",
      yes: `Ban ${name}`,
      run: (why) => doIt("ban", why),
    }),
  ];
}

/** Administrators may do this on the whole server, to anybody who is none. */
function ofAdmins(chat: Chat, { name, key }: Shown): PersonAction[] {
  if (rankOf(seenOf(chat, name)?.role) >= ADMIN) return [];
  // Whoever has the name by then is not meant.
  const target = key ?? `@${name}`;
  const server = (args: string) => command(chat, "server", args.trim());
  return [
    grave(chat, {
      text: "Kick from the server…",
      title: `Kick ${name} from the server?`,
      what: `All connections of ${name} end. They may connect again.`,
      label: "Reason",
      yes: `Kick ${name}`,
      run: (why) => server(`kick ${target} ${why}`),
    }),
    grave(chat, {
      text: "Ban from the server…",
      title: `Ban ${name} from the server?`,
      what: `All connections of ${name} end, and none is let in again.`,
      label: "How long (30m, 12h, 7d; else for good) and why",
      yes: `Ban ${name}`,
      run: (why) => server(`ban ${target} ${why}`),
    }),
  ];
}

interface Grave {
  readonly text: string;
  readonly title: string;
  readonly what: string;
  readonly label: string;
  readonly yes: string;
  run(why: string): Promise<void>;
}

/** Is asked for first. */
function grave(chat: Chat, { text, title, what, label, yes, run }: Grave) {
  const field = { label, isOptional: true } as const;
  const question = {
    title,
    text: what,
    field,
    yes,
    isGrave: true,
    run,
  } as const;
  return {
    text,
    isGrave: true,
    run: () => chat.dialog.value = { kind: "question", question },
  } as const;
}

/** Waits for what the server says, and shows what it refuses. */
export function doOrTell(chat: Chat, doing: Promise<void>): void {
  doing.catch((error) => chat.fault(error));
}
