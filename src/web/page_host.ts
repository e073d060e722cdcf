/** The browser around the chat: its title, whether it is looked at, what is heard and spoken. */
import { effect, signal } from "@preact/signals-core";
import type { Said } from "../wire/server.ts";
import type { App } from "./app.ts";
import type { Chat, ChatHost } from "./model/chat.ts";
import { type AuthorMark, markedName } from "./model/line.ts";
import type { Place } from "./model/place.ts";
import type { Settings } from "./model/settings.ts";
import { Notices } from "./notices.ts";
import { play } from "./sounds.ts";
import { Tabs } from "./tabs.ts";

const TITLE = "confab";
/** No more than one sound in this time, however much is said. */
const SOUND_MS = 1_500;

export class PageHost implements ChatHost {
  /** What is said to who cannot see the screen; the last replaces the one before. */
  readonly spoken = signal("");
  readonly #notices = new Notices();
  readonly #tabs = new Tabs(navigator.locks);
  #app: App | undefined;
  #soundAt = -Infinity;

  /** Keeps the browser as the chat is. */
  follow(app: App): void {
    this.#app = app;
    const colours = themeColours();
    effect(() => {
      const chat = chatOf(app.screen.value);
      showTheme(chat?.settings.value.theme ?? app.settings?.theme, colours);
      document.title = titleOf(chat);
      showCalls(chat?.calls.value ?? 0);
    });
    effect(() => {
      const places = chatOf(app.screen.value)?.places.value ?? [];
      this.#notices.keep(places.filter(({ unread }) => unread.value > 0));
    });
    effect(() => {
      // Where one looks changes with the place, too.
      void chatOf(app.screen.value)?.current.value;
      this.#look();
    });
    const look = () => {
      this.#look();
      if (!this.isLookedAt()) return;
      this.#chat?.look();
      app.hasten();
    };
    for (const event of ["focus", "blur", "pageshow"]) {
      globalThis.addEventListener(event, look);
    }
    document.addEventListener("visibilitychange", look);
    // After a sleep of the machine, or where the browser has held the page still.
    document.addEventListener("resume", () => app.hasten());
    globalThis.addEventListener("online", () => app.hasten());
    globalThis.addEventListener("beforeunload", (event) => {
      const { waiting = [] } = this.#chat?.client ?? {};
      if (waiting.some(({ type }) => type === "chat")) event.preventDefault();
    });
  }

  isLookedAt(): boolean {
    return document.visibilityState === "visible" && document.hasFocus();
  }

  heard(
    place: Place,
    message: Said,
    kind: "call" | "other",
    author: AuthorMark,
  ): void {
    const { sound, notify } = this.#chat?.settings.peek() ?? {};
    const isHeard = sound === "all" || sound === "calls" && kind === "call";
    const isShown = notify === "calls" && kind === "call";
    if (isHeard || isShown) {
      void this.#hear({ place, message, kind, author, isHeard, isShown });
    }
  }

  say(text: string): void {
    this.spoken.value = text;
  }

  showKey(): void {
    if (this.#app !== undefined) this.#app.isKeyShown.value = true;
  }

  get #chat(): Chat | undefined {
    return this.#app === undefined
      ? undefined
      : chatOf(this.#app.screen.peek());
  }

  #look(): void {
    const place = this.#chat?.current.peek();
    this.#tabs.look(this.isLookedAt() ? place?.name : undefined);
  }

  async #hear(
    { place, message, kind, author, isHeard, isShown }: {
      place: Place;
      message: Said;
      kind: "call" | "other";
      author: AuthorMark;
      isHeard: boolean;
      isShown: boolean;
    },
  ): Promise<void> {
    const isOwn = await this.#tabs.mayBeHeard(place.name, message.seq);
    if (!isOwn) return;
    const now = performance.now();
    if (isHeard && now >= this.#soundAt + SOUND_MS) {
      this.#soundAt = now;
      play(kind);
    }
    const chat = this.#chat;
    if (!isShown || this.isLookedAt() || chat === undefined) return;
    const { txt } = message;
    const from = markedName(message.from, author);
    const title = place.isPrivate ? from : `${from} in ${place.name}`;
    this.#notices.show(place, title, txt, () => chat.go(chat.open(place.name)));
  }
}

function chatOf(screen: App["screen"]["value"]): Chat | undefined {
  return "chat" in screen ? screen.chat : undefined;
}

function titleOf(chat: Chat | undefined): string {
  if (chat === undefined) return TITLE;
  const { calls, hasNews, current } = chat;
  const name = current.value?.title.value;
  const count = calls.value > 0
    ? `(${calls.value}) `
    : hasNews.value
    ? "• "
    : "";
  return `${count}${name === undefined ? TITLE : `${name} · ${TITLE}`}`;
}

/** The icon has a dot while somebody calls; where the page is an app of its own, it has the count. */
function showCalls(calls: number): void {
  const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]")!;
  icon.dataset.quiet ??= icon.href;
  icon.href = calls > 0 ? icon.dataset.called! : icon.dataset.quiet;
  const badge = calls > 0
    ? navigator.setAppBadge?.(calls)
    : navigator.clearAppBadge?.();
  badge?.catch(() => {});
}

// ---- Light and dark ----

type Theme = Settings["theme"];
/** What the browser's own surface is coloured by, and its colours in the light and in the dark. */
type ThemeColours = readonly (readonly [HTMLMetaElement, string])[];

function themeColours(): ThemeColours {
  const metas = document.querySelectorAll<HTMLMetaElement>(
    "meta[name=theme-color]",
  );
  return Array.from(metas, (meta) => [meta, meta.content] as const);
}

function showTheme(theme: Theme = "system", colours: ThemeColours): void {
  document.documentElement.dataset.theme = theme;
  const chosen = colours[theme === "dark" ? 1 : 0]?.[1];
  for (const [meta, own] of colours) {
    meta.content = theme === "system" ? own : chosen ?? own;
  }
}
