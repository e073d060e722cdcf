// What the scenarios say and await over and over: entering, saying, commanding, being heard.

import { assertEquals, fail } from "@std/assert";
import type { KeyPair } from "./_keys.ts";
import { type Message, numbered } from "./_messages.ts";
import type { Served } from "./_program.ts";
import { connect, type WireClient } from "./_wire_client.ts";

/** How many chats of a flood go into one write. */
const FLOOD_BATCH = 100;

export interface Entering {
  name?: string;
  room?: string;
  /** The person; by default a new one. */
  key?: KeyPair;
  /** Sealed unless this says so. */
  over?: "sealed" | "plain";
}

/** Connects, without a `hello`. */
export function dial(server: Served, who: Entering = {}): Promise<WireClient> {
  return connect({
    port: server.port,
    sealed: who.over !== "plain",
    fingerprint: server.fingerprint,
    ...(who.key === undefined ? {} : { key: who.key }),
  });
}

/** Says `hello` and takes the answer: a `welcome`, or an `error`. */
export async function greet(
  client: WireClient,
  fields: Record<string, unknown> = {},
): Promise<Message> {
  await client.send({ type: "hello", ...fields });
  return await client.next((message) =>
    message.type === "welcome" || message.type === "error"
  );
}

/** Like `greet`, and fails when it is refused. */
export async function welcomed(
  client: WireClient,
  fields: Record<string, unknown> = {},
): Promise<Message> {
  const answer = await greet(client, fields);
  if (answer.type === "error") fail(`refused: ${JSON.stringify(answer)}`);
  return answer;
}

/** Connects, says `hello`, and is in its room: `welcome`, `users` and `history` are taken. */
export async function enter(
  server: Served,
  who: Entering = {},
): Promise<WireClient> {
  const client = await dial(server, who);
  try {
    const { name, room } = who;
    const fields = { ...(name && { name }), ...(room && { room }) };
    const welcome = await welcomed(client, fields);
    await entered(client, welcome.room as string);
    return client;
  } catch (error) {
    await client[Symbol.asyncDispose]();
    throw error;
  }
}

/** Takes what a room's entering begins with, and gives its `users` and its first `history`. */
export async function entered(
  client: WireClient,
  room: string,
): Promise<{ users: Message; history: Message }> {
  const users = await client.next({ type: "users", room });
  const history = await client.next({ type: "history", room });
  return { users, history };
}

/**
 * Sends something with an `id` (its own or a new one) and takes the first message that carries it.
 */
export async function ask(
  client: WireClient,
  message: Message,
): Promise<Message> {
  const id = message.id ?? crypto.randomUUID();
  await client.send({ ...message, id });
  return await client.next((answer) =>
    answer.id === id && answer.type !== "chat"
  );
}

/** Says a text and takes its ack; fails on an error. */
export async function say(
  client: WireClient,
  txt: string,
  fields: Record<string, unknown> = {},
): Promise<Message> {
  const answer = await ask(client, { type: "chat", txt, ...fields });
  assertEquals(answer.type, "ack", JSON.stringify(answer));
  return answer;
}

/** Gives a command by `command`, or as a text that begins with `/`, and takes the final answer. */
export function command(
  client: WireClient,
  by: "command" | "text",
  name: string,
  args?: string,
): Promise<Message> {
  if (by === "command") {
    const fields = args === undefined ? { name } : { name, args };
    return ask(client, { type: "command", ...fields });
  }
  const txt = args === undefined ? `/${name}` : `/${name} ${args}`;
  return ask(client, { type: "chat", txt });
}

/**
 * One says something new and every listener takes it: what was said before has been heard by then.
 */
export async function mark(
  speaker: WireClient,
  listeners: WireClient[],
  fields: Record<string, unknown> = {},
): Promise<void> {
  const txt = `mark ${crypto.randomUUID()}`;
  await say(speaker, txt, fields);
  for (const listener of listeners) await listener.next({ type: "chat", txt });
}

/**
 * Says `count` texts as fast as the server takes them; the ack of the last one tells that all are
 * journaled.
 */
export async function flood(
  client: WireClient,
  count: number,
  fields: Record<string, unknown> = {},
  fill = "",
): Promise<Message> {
  for (let said = 0; said < count - 1; said += FLOOD_BATCH) {
    const batch = Math.min(FLOOD_BATCH, count - 1 - said);
    const chats = Array.from({ length: batch }, (_, i) => ({
      type: "chat",
      txt: `${said + i + 1} ${fill}`,
      ...fields,
    }));
    await client.sendPacked(chats);
  }
  return await say(client, `${count} ${fill}`, fields);
}

/**
 * Every number of a room that this client was told of as text, in the order of arrival: live,
 * replayed, or as ack.
 */
export function told(client: WireClient, room: string): number[] {
  return client.inbox.all
    .flatMap((message) =>
      message.type === "history" && message.room !== room
        ? []
        : numbered(message)
    )
    .filter((message) => message.room === undefined || message.room === room)
    .map((message) => message.seq as number);
}

/** The messages that arrived of this type, in order, taken or not. */
export function arrived(client: WireClient, type: string): Message[] {
  return client.inbox.all.filter((message) => message.type === type);
}
