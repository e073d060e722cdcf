/** The handshake on a connection: three frames of Noise XX (`noise.ts`), then a sealed channel. */
import { concat } from "@std/bytes/concat";
import {
  ChannelError,
  type ConfabError,
  UnverifiedError,
} from "../base/errors.ts";
import { FRAME_MAX_BYTES, HANDSHAKE_FRAME_MAX_BYTES } from "../base/limits.ts";
import type { Transport } from "../net/transport.ts";
import { unverifiedWords } from "../wire/foreign_words.ts";
import { encodeFrame, FrameDecoder } from "../wire/frame.ts";
import { readServerMessage } from "../wire/server.ts";
import { type ChannelOptions, SecureChannel } from "./channel.ts";
import { fingerprint } from "./fingerprint.ts";
import { HandshakeState, type Role } from "./noise.ts";
import { type FrameSource, nextFrame } from "./record_reader.ts";
import type { Bytes, KeyPair } from "./x25519.ts";

/** The first bytes of a sealed connection, and the prologue of its handshake. */
export const MAGIC: Bytes = new TextEncoder().encode("confab/1");

const OPENING_BRACE = 0x7b;
/** What can be wrong before a handshake. */
const PLAIN_CODES = [
  "unsupported-version",
  "too-large",
  "plaintext-refused",
  "busy",
] as const;

export interface SealOptions extends ChannelOptions {
  /** This side's static key pair. */
  readonly identity: KeyPair;
}

export interface InitiateOptions extends SealOptions {
  /** Judges the server's key before this side's is shown. What it throws ends the handshake. */
  readonly judgeServer: (publicKey: Bytes) => void | Promise<void>;
}

/**
 * The client's side. Closes the transport when it fails.
 *
 * @throws {ChannelError} when the handshake does not hold.
 * @throws {UnverifiedError} what was said in plain instead.
 * @throws {ConfabError} what `judgeServer` throws.
 */
export async function initiate(
  transport: Transport,
  options: InitiateOptions,
): Promise<SecureChannel> {
  const { source, noise } = begin(transport, "initiator", options);
  try {
    // -> e
    await transport.write(encodeFrame(concat([MAGIC, await noise.write()])));
    // <- e, ee, s, es
    const second = await readFrame(source);
    await readEmpty(noise, second).catch((error) => {
      throw plainRefusal(second) ?? error;
    });
    await options.judgeServer(noise.remoteStatic!);
    // -> s, se
    await transport.write(encodeFrame(await noise.write()));
    return await sealed(transport, source, noise, options);
  } catch (error) {
    transport.close();
    throw error;
  } finally {
    noise.wipe();
  }
}

/**
 * The server's side, from the client's first frame on. The caller closes the transport if it fails.
 *
 * @throws {ChannelError} when the handshake does not hold or the connection ends within it.
 */
export async function respond(
  transport: Transport,
  options: SealOptions,
): Promise<SecureChannel> {
  const { source, noise } = begin(transport, "responder", options);
  try {
    // -> e
    const first = await readFrame(source);
    const isMagic = MAGIC.every((byte, at) => byte === first[at]);
    if (!isMagic) throw new ChannelError();
    await readEmpty(noise, first.subarray(MAGIC.length));
    // <- e, ee, s, es
    await transport.write(encodeFrame(await noise.write()));
    // -> s, se
    await readEmpty(noise, await readFrame(source));
    return await sealed(transport, source, noise, options);
  } finally {
    noise.wipe();
  }
}

function begin(transport: Transport, role: Role, { identity }: SealOptions) {
  const decoder = new FrameDecoder(HANDSHAKE_FRAME_MAX_BYTES);
  const chunks = transport[Symbol.asyncIterator]();
  const fixed = { pattern: "XX", prologue: MAGIC } as const;
  const noise = new HandshakeState({ ...fixed, role, s: identity });
  return { source: { decoder, chunks }, noise };
}

async function readFrame(
  { decoder, chunks }: FrameSource,
): Promise<Uint8Array> {
  for (;;) {
    const frame = nextFrame(decoder);
    // A copy: the handshake awaits while it reads the frame, and the decoder goes on.
    if (frame !== null) return frame.slice();
    const { done, value } = await chunks.next();
    if (done) throw new ChannelError();
    decoder.push(value);
  }
}

/** Reads a message of the handshake, none of which has a payload. */
async function readEmpty(noise: HandshakeState, message: Uint8Array) {
  const payload = await noise.read(message);
  if (payload.length > 0) throw new ChannelError();
}

/**
 * What a server said that could not go on to a handshake: one plain `error` frame. Anybody on the
 * way can say that. So its text is shown as what it is, and a code that makes a client ask for a
 * password does not count.
 */
function plainRefusal(frame: Uint8Array): ConfabError | undefined {
  if (frame[0] !== OPENING_BRACE) return undefined;
  const message = readServerMessage(frame);
  if (message?.type !== "error") return undefined;
  const code = PLAIN_CODES.find((code) => code === message.code);
  return new UnverifiedError(
    code ?? "connection",
    unverifiedWords(message.text),
  );
}

async function sealed(
  transport: Transport,
  source: FrameSource,
  noise: HandshakeState,
  options: SealOptions,
): Promise<SecureChannel> {
  const key = await fingerprint(noise.remoteStatic!);
  const result = { ...await noise.split(), key };
  source.decoder.maxBytes = FRAME_MAX_BYTES;
  return new SecureChannel(transport, source, result, options);
}
