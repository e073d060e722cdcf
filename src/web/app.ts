/** The page from its start to the chat: what it needs, who one is, which server this is. */
import { signal } from "@preact/signals-core";
import { delay, SYSTEM_CLOCK } from "../base/clock.ts";
import { describeError } from "../base/errors.ts";
import type { Client } from "../client/client.ts";
import { Pauses } from "../client/pauses.ts";
import { fingerprint } from "../secure/fingerprint.ts";
import {
  type OnProgress,
  openSealedKey,
  readSealedKey,
  sealKey,
} from "../secure/sealed_key.ts";
import type { KeyPair } from "../secure/x25519.ts";
import { serverAddress, UnknownServerKey } from "../trust/judge.ts";
import { connect, Refused, WrongServerKey } from "./connect.ts";
import {
  ALL_ASKED,
  type Asked,
  type Entry,
  faultOf,
  mayPass,
} from "./entry.ts";
import type { Arrival } from "./link.ts";
import { Chat, type ChatHost } from "./model/chat.ts";
import { join } from "./model/commands.ts";
import { comeBack, placesBefore } from "./model/coming_back.ts";
import { followClient } from "./model/events.ts";
import type { Settings } from "./model/settings.ts";
import type { EntryScreen, Screen } from "./screen.ts";
import { openValues, type Values } from "./storage/database.ts";
import {
  loadIdentity,
  loadOrMakeIdentity,
  type NewIdentity,
  storeIdentity,
} from "./storage/identity_store.ts";
import { PageMemoryStore } from "./storage/page_memory_store.ts";
import { PinStore } from "./storage/pin_store.ts";

/** What the page stands on. */
interface Ground {
  readonly values: Values;
  readonly pins: PinStore;
  readonly memory: PageMemoryStore;
}

/** Tabs tell each other here that the key of this browser is another, or gone. */
const CHANNEL = "confab identity";

export class App {
  readonly screen = signal<Screen>({ kind: "starting" });
  /** Whether this browser keeps anything; where not, the key goes with the tab. */
  readonly isKept = signal(true);
  /** What one is asked about one's key lies over the chat. */
  readonly isKeyShown = signal(false);
  readonly origin: URL;
  readonly #host: ChatHost;
  readonly #channel = new BroadcastChannel(CHANNEL);
  #arrival: Arrival;
  #ground: Ground | undefined;
  #identity: KeyPair | undefined;
  /** As long as it can be exported. */
  #made: NewIdentity | undefined;
  #client: Client | undefined;
  /** Counts what was begun: what comes of an entry before that is for nobody. */
  #begun = 0;
  #endPause = () => {};

  constructor(arrival: Arrival, host: ChatHost, origin: URL) {
    this.#arrival = arrival;
    this.#host = host;
    this.origin = origin;
    this.#channel.addEventListener("message", ({ data }) => {
      void this.#leave(String(data));
    });
  }

  /** Looks what there is; who was here before is connected at once. */
  async start(): Promise<void> {
    const why = await whyUnusable();
    if (why !== undefined) {
      this.screen.value = { kind: "unusable", why };
      return;
    }
    try {
      const { pins, memory } = await this.#prepare();
      const { room, invite, fault, fingerprint } = this.#arrival;
      const places = placesBefore(memory.memory);
      const entry: Entry = {
        name: "",
        room: room ?? places.room ?? "",
        secret: invite ?? "",
      };
      const isKnown = this.#identity !== undefined && fault === undefined &&
        (pins.lookup(this.address) ?? fingerprint) !== undefined;
      if (isKnown) return await this.#return(entry);
      this.screen.value = {
        ...{ kind: "entry", entry, asked: ALL_ASKED },
        ...fault === undefined ? {} : {
          fault: { field: "secret", text: fault },
        },
      };
    } catch (error) {
      this.screen.value = { kind: "over", text: describeError(error) };
    }
  }

  async #prepare(): Promise<Ground> {
    const values = this.#ground?.values ?? await openValues();
    this.isKept.value = values.isKept;
    this.#ground ??= {
      values,
      pins: await PinStore.open(values),
      memory: await PageMemoryStore.open(values),
    };
    this.#identity ??= await loadIdentity(values);
    return this.#ground;
  }

  /** Under which the server's key is known. */
  get address(): string {
    const { hostname, port, protocol } = this.origin;
    const usual = protocol === "https:" ? 443 : 80;
    return serverAddress(hostname, port === "" ? usual : Number(port));
  }

  /** Whether there is a key that another would replace. */
  get hasKey(): boolean {
    return this.#identity !== undefined;
  }

  /** What is set in this browser; nothing, before that is known. */
  get settings(): Settings | undefined {
    return this.#ground?.memory.memory.settings;
  }

  /** Connects with what the dialog has; what is refused is shown there. */
  async enter(
    entry: Entry,
    asked: readonly Asked[] = ALL_ASKED,
  ): Promise<void> {
    if (asked.length === 0) await this.#return(entry);
    else await this.#try(entry, asked);
  }

  /** Who was here before is asked for nothing; what may pass is tried until it does. */
  async #return(entry: Entry): Promise<void> {
    const pauses = new Pauses(Math.random);
    for (;;) {
      const shown = await this.#try(entry, []);
      if (shown?.isTriedAgain !== true) return;
      const pause = new AbortController();
      this.#endPause = () => pause.abort();
      await delay(SYSTEM_CLOCK, pauses.next(), pause.signal);
      // The person may have done something meanwhile.
      if (this.screen.peek() !== shown) return;
    }
  }

  /** The network is there again, or the person: nothing waits any longer. */
  hasten(): void {
    this.#client?.hasten();
    this.#endPause();
  }

  /** One try; gives the dialog with what was wrong, where that is what it came to. */
  async #try(
    entry: Entry,
    asked: readonly Asked[],
  ): Promise<EntryScreen | undefined> {
    const begun = ++this.#begun;
    this.screen.value = { kind: "entry", entry, asked, isBusy: true };
    try {
      const identity = await this.#identify();
      const { pins, memory } = this.#ground!;
      const places = placesBefore(memory.memory);
      const client = await connect({
        ...{ identity, entry, pins, address: this.address },
        url: this.#socketUrl(),
        promised: this.#arrival.fingerprint,
        mayBeOutside: asked.length === 0 && places.rooms.length > 1,
      });
      const key = await fingerprint(identity.publicKey);
      if (begun !== this.#begun) {
        // Another tab has taken another key meanwhile, or a link was opened in this one.
        await client.close();
        return undefined;
      }
      // An invite is used by that, and which server it is, is known.
      const { room } = this.#arrival;
      this.#arrival = {};
      const current = room === undefined ? places.current : undefined;
      this.#opened(client, key, current);
      return undefined;
    } catch (error) {
      if (begun !== this.#begun) return undefined;
      const screen = this.#screenOf(error, entry, asked);
      this.screen.value = screen;
      return screen.kind === "entry" ? screen : undefined;
    }
  }

  /** One's own key, made at the first visit. */
  async #identify(): Promise<KeyPair> {
    if (this.#identity === undefined) {
      const { values } = this.#ground!;
      const { pair, secret, isKept } = await loadOrMakeIdentity(values);
      this.isKept.value = isKept;
      if (secret !== undefined) this.#made = { pair, secret };
      this.#identity = pair;
    }
    return this.#identity;
  }

  #socketUrl(): string {
    const url = new URL("/ws", this.origin);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return url.href;
  }

  /** The person has compared the server's fingerprint. */
  async trust(
    { fingerprint, entry, asked }: Extract<Screen, { kind: "server" }>,
  ): Promise<void> {
    try {
      await this.#ground!.pins.pin(this.address, fingerprint, new Date());
    } catch (error) {
      this.screen.value = this.#screenOf(error, entry, asked);
      return;
    }
    await this.enter(entry, asked);
  }

  /** Whoever runs the server has confirmed that its key is another now. */
  async forgetServer(): Promise<void> {
    await this.#ground!.pins.forget(this.address).catch(() => {});
    await this.start();
  }

  /** Goes on to the dialog without the link, whose secret is not for this server. */
  dropLink({ room, name }: Entry): void {
    this.#arrival = {};
    const entry = { name, room, secret: "" };
    this.screen.value = { kind: "entry", entry, asked: ALL_ASKED };
  }

  /** The address was changed under the page: another link was opened in it. */
  async arrive(arrival: Arrival): Promise<void> {
    const screen = this.screen.peek();
    if (screen.kind === "chat") {
      const { chat } = screen;
      const { room, invite, fault } = arrival;
      if (fault !== undefined) return chat.fault(new Error(fault));
      if (invite === undefined) {
        return await join(chat, room ?? "").catch((error) => chat.fault(error));
      }
    }
    this.#begun++;
    this.screen.value = { kind: "starting" };
    await this.#close();
    this.#arrival = arrival;
    await this.start();
  }

  // ---- The key ----

  /**
   * Takes a key that was exported elsewhere, in the place of the one here; tells from 0 to 1 how far
   * that is.
   *
   * @throws {ConfabError} `key-file` or `passphrase`.
   * @throws {DOMException} where the browser does not keep it.
   */
  async importKey(
    text: string,
    passphrase: string,
    onProgress: OnProgress,
  ): Promise<void> {
    const sealed = readSealedKey(text);
    const { pair, secret } = await openSealedKey(
      sealed,
      passphrase,
      onProgress,
    );
    secret.fill(0);
    await storeIdentity(this.#ground!.values, pair);
    this.#forgetSecret();
    this.#identity = pair;
    this.#channel.postMessage("Another tab has taken another key.");
  }

  /** The new key as text, sealed by a passphrase; tells from 0 to 1 how far that is. */
  exportKey(
    { secret }: NewIdentity,
    passphrase: string,
    onProgress: OnProgress,
  ): Promise<string> {
    return sealKey(secret, passphrase, undefined, onProgress);
  }

  /** The person has the key, or does not want it: from now on nobody can take it out. */
  keyDone(chat: Chat): void {
    this.#forgetSecret();
    this.screen.value = { kind: "chat", chat };
  }

  /**
   * Forgets everything that this browser keeps of the person, and leaves: what is said to be
   * forgotten is, however long the server takes to say goodbye.
   */
  async forgetMe(): Promise<void> {
    this.#channel.postMessage("Another tab has made this browser forget you.");
    const text = await this.#ground!.values.erase().then(
      () => "This browser has forgotten you.",
      (error) => `This browser has not forgotten you: ${describeError(error)}`,
    );
    await this.#leave(text);
  }

  #forgetSecret(): void {
    this.#made?.secret.fill(0);
    this.#made = undefined;
  }

  // ---- The chat ----

  #opened(client: Client, key: string, current: string | undefined): void {
    const { memory } = this.#ground!;
    const before = placesBefore(memory.memory);
    this.#client = client;
    const chat = new Chat({
      client,
      host: this.#host,
      memory,
      clock: SYSTEM_CLOCK,
      key,
    });
    const made = this.#made;
    this.screen.value = made === undefined
      ? { kind: "chat", chat }
      : { kind: "key", made, chat };
    followClient(chat).then(
      (error) => this.#ended(chat, error),
      (error) => this.#ended(chat, error),
    );
    void comeBack(chat, { ...before, current });
  }

  #ended(chat: Chat, error: unknown): void {
    const screen = this.screen.peek();
    if (!("chat" in screen) || screen.chat !== chat) return;
    // Where it is a fault of the page, the connection is still there.
    void this.#close();
    const entry = {
      name: "",
      room: chat.current.peek()?.name ?? "",
      secret: "",
    };
    const next = error === undefined
      ? undefined
      : this.#screenOf(error, entry, []);
    // What a person can give or confirm is asked for.
    const isAsked = next?.kind === "changed" ||
      next?.kind === "entry" && next.fault?.field !== "form";
    const text = error === undefined ? "Goodbye." : describeError(error);
    this.screen.value = isAsked ? next! : { kind: "over", text, chat };
  }

  async #leave(text: string): Promise<void> {
    this.#begun++;
    this.#identity = undefined;
    this.#forgetSecret();
    this.isKeyShown.value = false;
    this.screen.value = { kind: "over", text };
    await this.#close();
  }

  async #close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.close();
  }

  #screenOf(error: unknown, entry: Entry, asked: readonly Asked[]): Screen {
    if (error instanceof UnknownServerKey) {
      const { fingerprint, words } = error;
      return { kind: "server", fingerprint, words, entry, asked };
    }
    if (error instanceof WrongServerKey) {
      const { promised, shown } = error;
      if (promised !== undefined) {
        return { kind: "mismatch", promised, shown, entry };
      }
      const known = this.#ground?.pins.lookup(this.address);
      return { kind: "changed", known, shown };
    }
    // The invite was good, and cannot be shown once more.
    const isIn = error instanceof Refused;
    if (isIn) this.#arrival = {};
    const left = isIn ? { ...entry, secret: "" } : entry;
    const fault = isIn
      ? { field: "room" as const, text: error.message }
      : faultOf(error);
    const isReturn = asked.length < ALL_ASKED.length;
    const { field } = fault;
    return {
      ...{ kind: "entry", entry: left, fault },
      asked: isReturn ? (field === "form" ? [] : [field]) : asked,
      isTriedAgain: asked.length === 0 && mayPass(error),
    };
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
