/** Sealed connections, whole or begun, and carriers that change what they carry. */
import type { SecureChannel } from "../../src/secure/channel.ts";
import { initiate, respond } from "../../src/secure/handshake.ts";
import { HandshakeState, type Role } from "../../src/secure/noise.ts";
import { generateKeyPair } from "../../src/secure/x25519.ts";
import { memoryPair, standIn } from "../_memory_transport.ts";
import type { Transport } from "../../src/net/transport.ts";
import { cut, join, utf8 } from "../_chunks.ts";

/** The first bytes of a sealed connection, and its prologue. */
export const MAGIC = utf8("confab/1");

/** Static keys of a client and of a server. */
export const CLIENT = await generateKeyPair();
export const SERVER = await generateKeyPair();

export interface SealedOptions {
  readonly carriers?: readonly [Transport, Transport];
  readonly rekeyAfter?: number;
}

export interface Sealed {
  readonly client: SecureChannel;
  readonly server: SecureChannel;
}

/** Both ends of a sealed connection. */
export async function sealedPair(
  { carriers = memoryPair(), ...rest }: SealedOptions = {},
): Promise<Sealed> {
  const [near, far] = carriers;
  const [client, server] = await Promise.all([
    initiate(near, {
      identity: CLIENT,
      judgeServer: () => {},
      ...rest,
    }),
    respond(far, { identity: SERVER, ...rest }),
  ]);
  return { client, server };
}

/** One side of the handshake without a connection, for a test to play a peer by hand. */
export function noiseSide(role: Role): HandshakeState {
  return new HandshakeState({
    pattern: "XX",
    role,
    prologue: MAGIC,
    s: role === "initiator" ? CLIENT : SERVER,
  });
}

/** A frame: the payload's length as four bytes, and the payload. */
export function frame(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const payload = join(parts);
  const header = new Uint8Array(4);
  new DataView(header.buffer).setUint32(0, payload.length);
  return join([header, payload]);
}

/** A carrier that passes each write on as `edit` makes it; `index` counts the writes from 0. */
export function editing(
  carrier: Transport,
  edit: (bytes: Uint8Array, index: number) => Uint8Array,
): Transport {
  let index = 0;
  return {
    ...standIn(carrier),
    write: (bytes) => carrier.write(edit(bytes.slice(), index++)),
  };
}

/** Brings chunks of the given lengths, each overwritten once the next is asked for. */
export function cutting(
  carrier: Transport,
  lengths: readonly number[],
): Transport {
  return {
    ...standIn(carrier),
    async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, undefined> {
      for await (const chunk of carrier) {
        for (const piece of cut(chunk, lengths)) {
          yield piece;
          piece.fill(0xee);
        }
      }
    },
  };
}

/** Reads on until `count` bytes are there. */
export async function take(
  chunks: AsyncIterator<Uint8Array, undefined>,
  count: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  for (let have = 0; have < count;) {
    const { done, value } = await chunks.next();
    if (done) throw new Error(`the stream ended after ${have} bytes`);
    parts.push(value.slice());
    have += value.length;
  }
  return join(parts);
}
