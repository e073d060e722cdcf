// Commands and what they come to: done, or refused with a code of the wire; and what is told of it.

import { assert, assertEquals } from "@std/assert";
import type { KeyPair } from "./_keys.ts";
import type { Member, Message } from "./_messages.ts";
import { ask, command, dial, type Entering, welcomed } from "./_people.ts";
import type { Served } from "./_program.ts";
import type { WireClient } from "./_wire_client.ts";

/** The codes of the wire's page. */
export const CODES = new Set(
  ("unknown-type bad-message too-large unsupported-version name-taken name-invalid password-required " +
    "password-wrong banned muted rate-limited no-room no-such-room no-such-person room-locked not-allowed id-reused " +
    "not-stored unknown-command bad-arguments room-invalid limit-reached plaintext-refused busy invite-required " +
    "invite-invalid")
    .split(" "),
);

/** How many of a crowd enter at once. */
const CROWD_BATCH = 25;

/** Both ways to give a command. */
export const WAYS = ["command", "text"] as const;
export type Way = (typeof WAYS)[number];

/** Gives a command and takes its answer; fails if that is an error. */
export async function done(
  client: WireClient,
  name: string,
  args?: string,
  by: Way = "command",
): Promise<Message> {
  const answer = await command(client, by, name, args);
  assert(answer.type !== "error", `/${name}: ${JSON.stringify(answer)}`);
  return answer;
}

/** Fails unless this is an error with one of these codes and words for people. */
export function assertRefused(answer: Message, ...codes: string[]): void {
  const what = JSON.stringify(answer);
  assertEquals(answer.type, "error", what);
  assert(codes.includes(answer.code as string), `${what} is not ${codes}`);
  assert(typeof answer.text === "string" && answer.text !== "", what);
}

/** Gives a command, and fails unless it is refused with one of these codes. */
export async function refused(
  client: WireClient,
  name: string,
  args: string | undefined,
  ...codes: string[]
): Promise<void> {
  assertRefused(await command(client, "command", name, args), ...codes);
}

/** Says something and fails unless it is refused with one of these codes. */
export async function unsaid(
  client: WireClient,
  fields: Record<string, unknown>,
  ...codes: string[]
): Promise<void> {
  const chat = { type: "chat", txt: "unsaid", ...fields };
  assertRefused(await ask(client, chat), ...codes);
}

/** Who is in the current room, by name. */
export async function members(
  client: WireClient,
): Promise<Map<string, Member & { away?: string }>> {
  const { users = [] } = await done(client, "users");
  return new Map(users.map((one) => [one.name, one]));
}

/** The names of the rooms that `/list` tells, sorted. */
export async function listed(client: WireClient): Promise<string[]> {
  const { rooms = [] } = await done(client, "list");
  return rooms.map(({ name }) => name).sort();
}

/** The texts of a history's or a search's messages. */
export function texts({ messages = [] }: Message): unknown[] {
  return messages.map(({ txt }) => txt);
}

/** A page of a room's history, or the error. */
export function page(
  client: WireClient,
  room: string,
  fields: Record<string, unknown> = { after: 0 },
): Promise<Message> {
  return ask(client, { type: "history", room, ...fields });
}

/** Connects and says a whole `hello`; takes nothing but the `welcome`. */
export async function arrive(
  server: Served,
  hello: Record<string, unknown> = {},
  who: { key?: KeyPair; over?: Entering["over"] & string } = {},
): Promise<WireClient> {
  const client = await dial(server, who);
  try {
    await welcomed(client, hello);
    return client;
  } catch (error) {
    await client[Symbol.asyncDispose]();
    throw error;
  }
}

/** So many guests enter a room; the stack closes them. */
export async function crowd(
  stack: AsyncDisposableStack,
  server: Served,
  count: number,
  room: string,
): Promise<WireClient[]> {
  const clients: WireClient[] = [];
  while (clients.length < count) {
    const batch = Math.min(CROWD_BATCH, count - clients.length);
    const entering = Array.from({ length: batch }, async () => {
      const client = stack.use(await dial(server, { over: "plain" }));
      await welcomed(client, { room });
      await client.next({ type: "history", room });
      return client;
    });
    clients.push(...await Promise.all(entering));
  }
  return clients;
}
