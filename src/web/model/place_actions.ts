/** What can be done with a place, and with oneself: menus are made of it. */
import type { Chat } from "./chat.ts";
import { command, leave } from "./commands.ts";
import type { Question } from "./dialogs.ts";
import { OPERATOR, ownRank } from "./people.ts";
import { doOrTell, type PersonAction } from "./person_actions.ts";
import type { Place } from "./place.ts";

/** Whether one may set the topic, lock, and keep people out. */
export function mayKeep(chat: Chat, place: Place): boolean {
  return !place.isPrivate && place.isEntered.value &&
    ownRank(chat, place) >= OPERATOR;
}

/** The menu of a room. */
export function actionsOnRoom(chat: Chat, place: Place): PersonAction[] {
  const now = (text: string, verb: string): PersonAction => ({
    text,
    run: () => doOrTell(chat, command(chat, verb, "", place)),
  });
  const named = (verb: string, title: string, yes: string): PersonAction => ({
    text: `${title}…`,
    run: () =>
      ask(chat, {
        title: `${title} ${place.name}`,
        field: { label: "Name" },
        yes,
        run: (name) => command(chat, verb, name, place),
      }),
  });
  const isLocked = place.isLocked.value;
  const ofKeepers = [
    { text: "Set the topic…", run: () => askTopic(chat, place) },
    isLocked
      ? now("Unlock", "unlock")
      : { text: "Lock…", run: () => askLock(chat, place) },
    ...isLocked ? [named("invite", "Invite somebody to", "Invite")] : [],
    named("unban", "Lift a ban in", "Lift the ban"),
  ];
  return [
    { text: "Mark as read", run: () => markRead(chat, place) },
    ...mayKeep(chat, place) ? ofKeepers : [],
    { text: "Leave", run: () => leaveWithCare(chat, place) },
  ];
}

export function ask(chat: Chat, question: Question): void {
  chat.dialog.value = { kind: "question", question };
}

export function askTopic(chat: Chat, place: Place): void {
  ask(chat, {
    title: `Topic of ${place.name}`,
    field: { label: "Topic", value: place.topic.peek() },
    yes: "Set the topic",
    run: (topic) => command(chat, "topic", topic, place),
  });
}

function askLock(chat: Chat, place: Place): void {
  ask(chat, {
    title: `Lock ${place.name}?`,
    text:
      "Those who are in it and have a key stay; everybody else needs an invitation. Guests must leave.",
    yes: "Lock",
    run: () => command(chat, "lock", "", place),
  });
}

/** What was not sent is lost with its place: that is asked first. */
export function leaveWithCare(chat: Chat, place: Place): void {
  if (place.live.pending.length === 0) {
    return void leave(chat, place);
  }
  ask(chat, {
    title: `Leave ${place.name}?`,
    text: "Something that you said there was not sent yet. It is lost then.",
    yes: "Leave",
    isGrave: true,
    run: () => leave(chat, place),
  });
}

function markRead(chat: Chat, place: Place): void {
  place.unread.value = 0;
  place.mentions.value = 0;
  place.newAfter.value = undefined;
  chat.readMarks.read(place, place.live.lastSeq ?? 0);
}

/** The menu of oneself; what belongs to the server's keeper comes with `isAdmin`. */
export function actionsOnSelf(
  chat: Chat,
  onMonitor: (() => void) | undefined,
): PersonAction[] {
  const open = (kind: "settings" | "own-key" | "invite") => () =>
    chat.dialog.value = { kind };
  const isAdmin = chat.isAdmin.value === true;
  const monitor = isAdmin && onMonitor !== undefined
    ? [{ text: "Monitor", run: onMonitor }]
    : [];
  return [
    { text: "Change name…", run: () => askName(chat) },
    chat.away.value === undefined
      ? { text: "Set away…", run: () => askAway(chat) }
      : {
        text: "I am back",
        run: () => doOrTell(chat, command(chat, "away", "")),
      },
    { text: "My fingerprint", run: open("own-key") },
    { text: "Settings", run: open("settings") },
    ...isAdmin ? [{ text: "Invite somebody…", run: open("invite") }] : [],
    ...monitor,
    { text: "Quit", run: () => askQuit(chat) },
  ];
}

function askName(chat: Chat): void {
  ask(chat, {
    title: "Your name",
    text: "As others see it. It belongs to your key.",
    field: { label: "Name", value: chat.name.peek() },
    yes: "Change name",
    run: (name) => command(chat, "name", name),
  });
}

function askAway(chat: Chat): void {
  ask(chat, {
    title: "Away",
    text: "Others see it beside your name until you are back.",
    field: { label: "Why, or until when", value: "away" },
    yes: "Set away",
    run: (text) => command(chat, "away", text),
  });
}

function askQuit(chat: Chat): void {
  ask(chat, {
    title: "Quit?",
    text: "Your key, drafts and rooms stay in this browser.",
    yes: "Quit",
    run: () => chat.client.close(),
  });
}
