/** Targets: each side of the handshake against a peer that plays by no rules, and what follows it. */
import { ChannelError, ConfabError } from "../../src/base/errors.ts";
import { initiate, respond } from "../../src/secure/handshake.ts";
import type { SecureChannel } from "../../src/secure/channel.ts";
import type { Dice } from "../chat/random_people.ts";
import { join, utf8 } from "../_chunks.ts";
import { memoryPair } from "../_memory_transport.ts";
import { keysInUse } from "../secure/_keys_in_use.ts";
import { pattern } from "../secure/_records.ts";
import {
  CLIENT,
  editing,
  frame,
  MAGIC,
  noiseSide,
  sealedPair,
  SERVER,
  take,
} from "../secure/_sealed.ts";
import { broken, ensure, ensureSame } from "./_checks.ts";
import type { Target } from "./_fuzz.ts";
import { mutate } from "./_mutate.ts";

const USED_BEFORE = keysInUse();
/** Frames with messages 2 and 3, and the header alone. */
const SECOND_BYTES = 4 + 96;

function ensureNoKeyIsLeft(): void {
  ensureSame(keysInUse(), USED_BEFORE, "keys that were left behind");
}

/** What a peer sends in the place of a message. */
function instead(dice: Dice, message: Uint8Array, others: Uint8Array[]) {
  const seeds = [message, ...others];
  if (dice.chance(0.1)) return dice.pick(others);
  if (dice.chance(0.1)) return join([message, dice.pick(others)]);
  let edited = message;
  for (let n = dice.below(3); n >= 0; n--) {
    edited = mutate(dice, edited, { seeds });
  }
  return edited;
}

/** Mostly none, as the wire wants it; what is sealed well is refused all the same. */
function payloadOf(dice: Dice): Uint8Array {
  return pattern(dice.chance(0.1) ? 1 + dice.below(40) : 0);
}

function beginsWith(bytes: Uint8Array, head: Uint8Array): boolean {
  return head.every((byte, at) => bytes[at] === byte);
}

/** The channel, or `undefined` for an error that both sides may end with. */
async function outcome(
  opening: Promise<SecureChannel>,
  isDeclared: (error: unknown) => boolean,
): Promise<SecureChannel | undefined> {
  try {
    return await opening;
  } catch (error) {
    if (!isDeclared(error)) throw error;
  }
}

const responder: Target = {
  name: "handshake, the server's side",
  inputs: 60,
  seeds: [utf8("first"), utf8("third")],
  async check(_, dice) {
    const [near, far] = memoryPair();
    const noise = noiseSide("initiator");
    const responding = outcome(
      respond(near, { identity: SERVER }),
      (error) => error instanceof ChannelError,
    );
    const payloads = [payloadOf(dice), payloadOf(dice)] as const;
    const isEmpty = payloads.every(({ length }) => length === 0);
    const first = frame(MAGIC, await noise.write(payloads[0]));
    const isFirst = dice.chance(0.4);
    const sent = isFirst ? instead(dice, first, [MAGIC, first]) : first;
    await far.write(sent);
    let [all, genuine] = [sent, first as Uint8Array];
    const goesOn = !isFirst || beginsWith(sent, first);
    if (goesOn && payloads[0].length === 0) {
      const second = await take(far[Symbol.asyncIterator](), SECOND_BYTES);
      await noise.read(second.subarray(4));
      const third = frame(await noise.write(payloads[1]));
      const last = isEmpty
        ? instead(dice, third, [first, second, new Uint8Array(4)])
        : third;
      await far.write(last);
      all = join([sent, last]);
      genuine = join([first, third]);
    }
    noise.wipe();
    await far.closeWrite();
    const channel = await responding;
    const isGenuine = isEmpty && genuine.length > first.length &&
      beginsWith(all, genuine);
    ensureSame(channel !== undefined, isGenuine, "whether it is sealed");
    channel?.close();
    near.close();
    ensureNoKeyIsLeft();
  },
};

const initiator: Target = {
  name: "handshake, the client's side",
  inputs: 60,
  seeds: [utf8("second"), utf8("plain")],
  async check(_, dice) {
    const [near, far] = memoryPair();
    const noise = noiseSide("responder");
    let judged = 0;
    const initiating = outcome(
      initiate(near, { identity: CLIENT, judgeServer: () => void judged++ }),
      (error) => error instanceof ConfabError,
    );
    const chunks = far[Symbol.asyncIterator]();
    const first = await take(chunks, 4 + 8 + 32);
    await noise.read(first.subarray(4 + 8));
    const payload = payloadOf(dice);
    const second = frame(await noise.write(payload));
    const plain = frame(utf8('{"type":"error","code":"busy","text":"wait"}'));
    const said = dice.chance(0.2) ? plain : second;
    const isEdited = payload.length === 0 && dice.chance(0.9);
    const sent = isEdited ? instead(dice, said, [first, plain]) : said;
    await far.write(sent);
    await far.closeWrite();
    const channel = await initiating;
    noise.wipe();
    const isGenuine = payload.length === 0 && beginsWith(sent, second);
    ensureSame(channel !== undefined, isGenuine, "whether it is sealed");
    ensureSame(judged, isGenuine ? 1 : 0, "keys that were judged");
    if (channel === undefined) {
      await near.write(utf8("x")).then(
        () => broken("it is still open"),
        () => {},
      );
    }
    channel?.close();
    ensureNoKeyIsLeft();
  },
};

const PIECES = [5, 400, 62, 1_000, 9].map(pattern);

const channel: Target = {
  name: "sealed channel",
  inputs: 60,
  seeds: [utf8("records")],
  async check(_, dice) {
    const [near, far] = memoryPair();
    // The handshake is the first two writes of the client.
    const which = 2 + dice.below(PIECES.length);
    const written: Uint8Array[] = [];
    const carrier = editing(near, (bytes, index) => {
      written.push(bytes);
      const others = written.slice(0, -1);
      return index === which ? instead(dice, bytes, others) : bytes;
    });
    const { client, server } = await sealedPair({ carriers: [carrier, far] });
    for (const piece of PIECES) await client.write(piece);
    await client.closeWrite();
    const parts: Uint8Array[] = [];
    try {
      for await (const chunk of server) parts.push(chunk.slice());
    } catch (error) {
      ensure(error instanceof ChannelError, `it fails with ${error}`);
    }
    const got = join(parts);
    ensure(beginsWith(join(PIECES), got), "other data than was sent");
    client.close();
    server.close();
    ensureNoKeyIsLeft();
  },
};

export const HANDSHAKE_TARGETS: readonly Target[] = [
  responder,
  initiator,
  channel,
];
