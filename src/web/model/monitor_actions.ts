/** What an administrator may do from the monitor; what is grave is asked for first. */
import { UsageError } from "../../base/errors.ts";
import type { WatchedConnection } from "../../wire/watched.ts";
import { talkTo } from "./conversations.ts";
import type { Question } from "./dialogs.ts";
import type { Ban, Monitor } from "./monitor.ts";
import type { PersonAction } from "./person_actions.ts";
import { ask } from "./place_actions.ts";

const HOW_LONG = "How long (30m, 12h, 7d; else for good) and why";
const STOP = /^stop(?:\s+([^]*))?$/i;

/** Everything that one may do about a connection. */
export function actionsOnConnection(
  monitor: Monitor,
  connection: WatchedConnection,
): PersonAction[] {
  const { chat } = monitor;
  const { id, name, key, address } = connection;
  const ip = ipOf(address);
  const close = grave(monitor, {
    text: "Close the connection…",
    title: `Close connection ${id}?`,
    what: "It ends; others of the same person stay.",
    label: "Why",
    yes: "Close it",
    argsOf: (why) => `close ${id} ${why}`,
    done: `connection ${id} was closed`,
  });
  const banAddress = grave(monitor, {
    text: "Ban the address…",
    title: `Ban ${ip}?`,
    what: "Everybody there is sent away, and nobody comes in from there.",
    label: HOW_LONG,
    yes: "Ban the address",
    argsOf: (why) => `ban ${ip} ${why}`,
    done: `${ip} is banned`,
  });
  if (name === undefined) return [close, banAddress];
  const shown = { name, ...key === undefined ? {} : { key } };
  const target = key ?? `@${name}`;
  const message = () => {
    chat.isMonitorOpen.value = false;
    talkTo(chat, name);
  };
  return [
    { text: "Message", run: message },
    { text: "Who is this", run: () => chat.card.value = shown },
    close,
    grave(monitor, {
      text: "Kick from the server…",
      title: `Kick ${name} from the server?`,
      what: `All connections of ${name} end. They may connect again.`,
      label: "Why",
      yes: `Kick ${name}`,
      argsOf: (why) => `kick ${target} ${why}`,
      done: `${name} was kicked`,
    }),
    grave(monitor, {
      text: "Ban from the server…",
      title: `Ban ${name} from the server?`,
      what: `All connections of ${name} end, and none is let in again.`,
      label: HOW_LONG,
      yes: `Ban ${name}`,
      argsOf: (why) => `ban ${target} ${why}`,
      done: `${name} is banned`,
    }),
    banAddress,
  ];
}

interface Grave {
  readonly text: string;
  readonly title: string;
  readonly what: string;
  readonly label: string;
  readonly yes: string;
  /** What stands behind `/server`. */
  argsOf(why: string): string;
  readonly done: string;
}

function grave(monitor: Monitor, what: Grave): PersonAction {
  const { text, title, label, yes, argsOf, done } = what;
  const question: Question = {
    title,
    text: what.what,
    field: { label, isOptional: true },
    yes,
    isGrave: true,
    run: async (why) => void await monitor.act(argsOf(why), done),
  };
  return { text, isGrave: true, run: () => ask(monitor.chat, question) };
}

/** The address alone, of `1.2.3.4:5`, `[::1]:5`, or what has no port. */
export function ipOf(address: string): string {
  const bracketed = /^\[([^\]]*)\]/.exec(address);
  if (bracketed !== null) return bracketed[1]!;
  const [ip, , more] = address.split(":");
  return more === undefined ? ip! : address;
}

export function askSay(monitor: Monitor): void {
  ask(monitor.chat, {
    title: "Say something to everybody",
    text: "All people who are on the server get it, whatever room they are in.",
    field: { label: "What" },
    yes: "Say it to all",
    run: async (text) =>
      void await monitor.act(`say ${text}`, "everybody was told"),
  });
}

/** Is asked for by a word that one does not write by accident. */
export function askStop(monitor: Monitor): void {
  ask(monitor.chat, {
    title: "Stop the server?",
    text:
      "Everybody is told, and all connections end. Nobody can start it again from here.",
    field: {
      label: "Write stop, and behind it why",
      hint: "stop for an update",
    },
    yes: "Stop the server",
    isGrave: true,
    run: async (written) => {
      const found = STOP.exec(written.trim());
      if (found === null) throw new UsageError("write stop to stop the server");
      await monitor.act(`stop ${found[1] ?? ""}`, "the server stops");
    },
  });
}

export function askUnban(monitor: Monitor, { target, name }: Ban): void {
  ask(monitor.chat, {
    title: `Lift the ban of ${name ?? target}?`,
    yes: "Lift the ban",
    run: async () => {
      await monitor.act(
        `unban ${target}`,
        `the ban of ${name ?? target} is lifted`,
      );
      await monitor.loadBans("anew");
    },
  });
}
