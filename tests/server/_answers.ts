/**
 * Who asked what, and which answers came: each request has one, and acks come in the order of the
 * chats.
 */
import { assert, assertEquals } from "@std/assert";
import type { ServerMessage, Unknown } from "../../src/wire/server.ts";
import type { Peer } from "./_world.ts";

interface Asked {
  readonly id: string;
  readonly isChat: boolean;
  isAnswered: boolean;
}

export class AnswerBook {
  readonly #asked = new Map<Peer, Asked[]>();
  /** Seq of each message that was acked, by the person's id and the message's. */
  readonly #acked = new Map<string, number>();
  readonly #lastAcked = new Map<Peer, number>();

  ask(peer: Peer, id: string, what: "chat" | "request"): void {
    const asked = this.#asked.get(peer) ?? [];
    asked.push({ id, isChat: what === "chat", isAnswered: false });
    this.#asked.set(peer, asked);
  }

  /** Whether a message was acked before. */
  isKnown(peer: Peer, id: string): boolean {
    return this.#acked.has(keyOf(peer, id));
  }

  read(peer: Peer, message: ServerMessage | Unknown): void {
    if (!("id" in message) || message.id === undefined) return;
    if (message.type === "chat" || message.type === "private") return;
    const { id } = message;
    const asked = this.#asked.get(peer) ?? [];
    const at = asked.findIndex((one) => one.id === id && !one.isAnswered);
    assert(at >= 0, `connection ${peer.id}: ${id} is answered twice`);
    asked[at]!.isAnswered = true;
    if (message.type !== "ack" || !asked[at]!.isChat) return;
    const last = this.#lastAcked.get(peer) ?? -1;
    assert(
      at > last,
      `connection ${peer.id}: the ack of ${id} is out of order`,
    );
    this.#lastAcked.set(peer, at);
    const key = keyOf(peer, id);
    const before = this.#acked.get(key);
    if (before !== undefined) assertEquals(message.seq, before);
    this.#acked.set(key, message.seq!);
  }

  finish(peers: readonly Peer[]): void {
    for (const peer of peers) {
      if (peer.isGone || peer.sink.isEnded) continue;
      for (const { id, isAnswered } of this.#asked.get(peer) ?? []) {
        assert(isAnswered, `connection ${peer.id}: ${id} has no answer`);
      }
    }
  }
}

function keyOf({ key, id: connection }: Peer, id: string): string {
  return `${key ?? connection} ${id}`;
}
