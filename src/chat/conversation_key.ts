/** The keys that conversations of two have in the journal, where rooms have their names. */

/** Begins the keys of conversations, which no room's name does. */
const PRIVATE = "@";

/** Whether a key is of a conversation, and not of a room. */
export function isConversation(key: string): boolean {
  return key.startsWith(PRIVATE);
}

/** The key of the conversation of two people: the same from either side. */
export function conversationKey(one: string, two: string): string {
  return [PRIVATE, ...[one, two].sort()].join(" ");
}

/** The one of a conversation who is not this one. */
export function otherOf(conversation: string, key: string): string {
  const [, one, two] = conversation.split(" ");
  return one === key ? two! : one!;
}

/** In the place of a key, where one of the two is a guest: nothing of that is journaled. */
export function guestConversationKey(other: string): string {
  return `${PRIVATE}${other}`;
}
