/** The browser around the chat: its title, whether it is looked at, what is heard and spoken. */
import { effect, signal } from "@preact/signals-core";
import type { Said } from "../wire/server.ts";
import type { App } from "./app.ts";
import type { Chat, ChatHost } from "./model/chat.ts";
import type { Place } from "./model/place.ts";

const TITLE = "confab";

export class PageHost implements ChatHost {
  /** What is said to who cannot see the screen; the last replaces the one before. */
  readonly spoken = signal("");

  /** Keeps the title and the theme as they are in the chat. */
  follow(app: App): void {
    effect(() => {
      const screen = app.screen.value;
      if (screen.kind !== "chat") {
        document.title = TITLE;
        return;
      }
      const { chat } = screen;
      const { calls, hasNews, current } = chat;
      const name = current.value?.title.value;
      const count = calls.value > 0
        ? `(${calls.value}) `
        : hasNews.value
        ? "• "
        : "";
      document.title = `${count}${
        name === undefined ? TITLE : `${name} · ${TITLE}`
      }`;
      const { theme } = chat.settings.value;
      document.documentElement.dataset.theme = theme;
    });
    const look = () => chatOf(app)?.look();
    document.addEventListener("visibilitychange", look);
    globalThis.addEventListener("focus", look);
  }

  isLookedAt(): boolean {
    return document.visibilityState === "visible" && document.hasFocus();
  }

  heard(_place: Place, _message: Said, _kind: "call" | "other"): void {
  }

  say(text: string): void {
    this.spoken.value = text;
  }
}

function chatOf(app: App): Chat | undefined {
  const screen = app.screen.peek();
  return "chat" in screen ? screen.chat : undefined;
}
