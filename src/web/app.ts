/** The page from its start to the chat: what it needs, who one is, which server this is. */
import { signal } from "@preact/signals-core";
import { SYSTEM_CLOCK } from "../base/clock.ts";
import { ConfabError, describeError } from "../base/errors.ts";
import { VERSION } from "../base/version.ts";
import { Client } from "../client/client.ts";
import { parseFingerprint } from "../secure/fingerprint.ts";
import { openSealedKey, readSealedKey, sealKey } from "../secure/sealed_key.ts";
import type { KeyPair } from "../secure/x25519.ts";
import {
  serverAddress,
  ServerJudge,
  UnknownServerKey,
} from "../trust/judge.ts";
import { isInviteLink, parseInviteLink } from "../wire/invite_link.ts";
import type { Arrival } from "./link.ts";
import { Chat, type ChatHost } from "./model/chat.ts";
import { enterRoom } from "./model/commands.ts";
import { followClient } from "./model/events.ts";
import { Database } from "./storage/database.ts";
import {
  loadIdentity,
  makeIdentity,
  type NewIdentity,
  storeIdentity,
} from "./storage/identity_store.ts";
import { PageMemoryStore } from "./storage/page_memory_store.ts";
import { PinStore } from "./storage/pin_store.ts";
import { dialWebSocket } from "./web_socket.ts";

/** What the person gives in the dialog. */
export interface Entry {
  readonly name: string;
  readonly room: string;
  /** A password, a link, or the secret of an invite. */
  readonly secret: string;
}

/** Which of the dialog's fields a fault is about. */
export type EntryField = keyof Entry | "form";

export type Screen = Readonly<
  | { kind: "starting" }
  /** The page cannot work here; why, in a word. */
  | { kind: "unusable"; why: "insecure" | "no-x25519" | "no-storage" }
  | {
    kind: "entry";
    entry: Entry;
    fault?: { field: EntryField; text: string };
    isBusy?: boolean;
  }
  /** The server's key is not known yet: the person compares it. */
  | { kind: "server"; fingerprint: string; words: string; entry: Entry }
  /** The key is another than the one that was known. */
  | { kind: "changed"; text: string }
  /** A new key: it can be taken along now, and never again. */
  | { kind: "key"; made: NewIdentity; chat: Chat }
  | { kind: "chat"; chat: Chat }
  | { kind: "over"; text: string; chat?: Chat }
>;

/** What the page stands on. */
interface Ground {
  readonly pins: PinStore;
  readonly memory: PageMemoryStore;
  readonly database: Database;
}

/** The form of the secret of an invite (docs/protocol.md). */
const TOKEN = /^[\w-]{22}$/;

export class App {
  readonly screen = signal<Screen>({ kind: "starting" });
  readonly #arrival: Arrival;
  readonly #host: ChatHost;
  readonly #origin: URL;
  #ground: Ground | undefined;
  #identity: KeyPair | undefined;
  /** As long as it can be exported. */
  #made: NewIdentity | undefined;

  constructor(arrival: Arrival, host: ChatHost, origin: URL) {
    this.#arrival = arrival;
    this.#host = host;
    this.#origin = origin;
  }

  /** Looks what there is; who was here before is connected at once. */
  async start(): Promise<void> {
    const why = await whyUnusable();
    if (why !== undefined) {
      this.screen.value = { kind: "unusable", why };
      return;
    }
    let ground: Ground;
    try {
      const database = await Database.open();
      this.#ground = ground = {
        database,
        pins: await PinStore.open(database),
        memory: await PageMemoryStore.open(database),
      };
      this.#identity = await loadIdentity(database);
    } catch {
      this.screen.value = { kind: "unusable", why: "no-storage" };
      return;
    }
    const { room, invite, fault } = this.#arrival;
    const entry: Entry = {
      name: "",
      room: room ?? ground.memory.memory.current ?? "",
      secret: invite ?? "",
    };
    const isKnown = this.#identity !== undefined &&
      ground.pins.lookup(this.address) !== undefined && fault === undefined;
    if (isKnown) return await this.enter(entry);
    this.screen.value = {
      kind: "entry",
      entry,
      ...fault === undefined ? {} : { fault: { field: "form", text: fault } },
    };
  }

  /** Under which the server's key is known. */
  get address(): string {
    const { hostname, port, protocol } = this.#origin;
    const usual = protocol === "https:" ? 443 : 80;
    return serverAddress(hostname, port === "" ? usual : Number(port));
  }

  /** Connects with what the dialog has; what is refused is shown there. */
  async enter(entry: Entry): Promise<void> {
    const { database } = this.#ground!;
    this.screen.value = { kind: "entry", entry, isBusy: true };
    try {
      if (this.#identity === undefined) {
        this.#made = await makeIdentity();
        this.#identity = this.#made.pair;
        await storeIdentity(database, this.#identity);
      }
      this.#opened(await this.#connect(entry));
    } catch (error) {
      this.screen.value = this.#screenOf(error, entry);
    }
  }

  /** The person has compared the server's fingerprint. */
  async trust(fingerprint: string, entry: Entry): Promise<void> {
    await this.#ground!.pins.pin(this.address, fingerprint, new Date());
    await this.enter(entry);
  }

  /** Whoever runs the server has confirmed that its key is another now. */
  async forgetServer(): Promise<void> {
    await this.#ground!.pins.forget(this.address);
    await this.start();
  }

  /**
   * Takes a key that was exported elsewhere, in the place of the one here.
   *
   * @throws {ConfabError} `key-file` or `passphrase`.
   */
  async importKey(text: string, passphrase: string): Promise<void> {
    const { pair, secret } = await openSealedKey(
      readSealedKey(text),
      passphrase,
    );
    secret.fill(0);
    this.#forgetSecret();
    this.#identity = pair;
    await storeIdentity(this.#ground!.database, pair);
  }

  /** The new key as text, sealed by a passphrase. */
  exportKey({ secret }: NewIdentity, passphrase: string): Promise<string> {
    return sealKey(secret, passphrase);
  }

  /** The person has the key, or does not want it: from now on nobody can take it out. */
  keyDone(chat: Chat): void {
    this.#forgetSecret();
    this.screen.value = { kind: "chat", chat };
  }

  #forgetSecret(): void {
    this.#made?.secret.fill(0);
    this.#made = undefined;
  }

  #connect(entry: Entry): Promise<Client> {
    const { pins } = this.#ground!;
    const { fingerprint } = this.#arrival;
    const { room, name } = entry;
    const judge = new ServerJudge({
      address: this.address,
      pins,
      given: fingerprint === undefined
        ? undefined
        : parseFingerprint(fingerprint),
      // Anybody may have sent the link.
      mayReplacePin: "no",
      now: () => new Date(),
    });
    const url = new URL("/ws", this.#origin);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return Client.connect({
      dial: (signal) => dialWebSocket(url.href, signal),
      seal: {
        identity: this.#identity!,
        judgeServer: (key) => judge.judge(key),
      },
      learn: (next) => judge.learn(next),
      clock: SYSTEM_CLOCK,
      random: Math.random,
      newId: () => crypto.randomUUID(),
      hello: {
        client: `confab ${VERSION} page`,
        ...name === "" ? {} : { name },
        ...room === "" ? {} : { room },
        ...secretOf(entry.secret.trim()),
      },
    });
  }

  #opened(client: Client): void {
    const { memory } = this.#ground!;
    const { rooms } = memory.memory;
    const chat = new Chat({
      client,
      host: this.#host,
      memory,
      clock: SYSTEM_CLOCK,
    });
    const made = this.#made;
    this.screen.value = made === undefined
      ? { kind: "chat", chat }
      : { kind: "key", made, chat };
    followClient(chat).then((error) => {
      const text = error === undefined ? "goodbye" : describeError(error);
      this.screen.value = { kind: "over", text, chat };
    });
    void enterAgain(chat, rooms);
  }

  #screenOf(error: unknown, entry: Entry): Screen {
    if (error instanceof UnknownServerKey) {
      const { fingerprint, words } = error;
      return { kind: "server", fingerprint, words, entry };
    }
    const text = describeError(error);
    if (!(error instanceof ConfabError)) {
      return { kind: "entry", entry, fault: { field: "form", text } };
    }
    if (error.code === "server-key-changed") return { kind: "changed", text };
    const field = FIELDS.get(error.code) ?? "form";
    return { kind: "entry", entry, fault: { field, text } };
  }
}

const FIELDS: ReadonlyMap<string, EntryField> = new Map([
  ["name-taken", "name"],
  ["name-invalid", "name"],
  ["room-invalid", "room"],
  ["room-locked", "room"],
  ["password-required", "secret"],
  ["password-wrong", "secret"],
  ["invite-required", "secret"],
  ["invite-invalid", "secret"],
]);

function secretOf(secret: string): { invite?: string; password?: string } {
  if (secret === "") return {};
  if (isInviteLink(secret)) return { invite: parseInviteLink(secret).token };
  return TOKEN.test(secret) ? { invite: secret } : { password: secret };
}

/** Enters the rooms where one was when the page was left. */
async function enterAgain(chat: Chat, rooms: readonly string[]): Promise<void> {
  for (const room of rooms) {
    if (chat.client.rooms.includes(room)) continue;
    try {
      await enterRoom(chat, room);
    } catch {
      // It may be locked by now, or one may be banned there.
    }
  }
}

async function whyUnusable(): Promise<
  Extract<Screen, { kind: "unusable" }>["why"] | undefined
> {
  if (!globalThis.isSecureContext) return "insecure";
  try {
    await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]);
  } catch {
    return "no-x25519";
  }
  return undefined;
}
