/** Notifications of the desktop: one a place, closed when it is read. */
import { shorten } from "../wire/text.ts";
import type { Place } from "./model/place.ts";

/** How much of a message is shown where others may see the screen. */
const BODY_CODE_POINTS = 120;
/** More do not lie open. */
const OPEN_MOST = 10;

export class Notices {
  readonly #open = new Map<Place, Notification>();

  /** Shows what was said, where the person has allowed it. */
  show(place: Place, title: string, text: string, go: () => void): void {
    if (globalThis.Notification?.permission !== "granted") return;
    let notification: Notification;
    try {
      notification = new Notification(title, {
        body: shorten(text, BODY_CODE_POINTS),
        tag: place.name,
        icon: iconOf(document),
        // The page has sounds of its own.
        silent: true,
      });
    } catch {
      // On a phone it takes a service worker, which this page has not.
      return;
    }
    this.close(place);
    this.#open.set(place, notification);
    notification.addEventListener("click", () => {
      globalThis.focus();
      go();
      this.close(place);
    });
    const [oldest] = this.#open.keys();
    if (this.#open.size > OPEN_MOST) this.close(oldest!);
  }

  /** Those of these places stay: the others were read, or are not before the person any more. */
  keep(places: readonly Place[]): void {
    for (const place of this.#open.keys()) {
      if (!places.includes(place)) this.close(place);
    }
  }

  /** It was read. */
  close(place: Place): void {
    this.#open.get(place)?.close();
    this.#open.delete(place);
  }
}

function iconOf(document: Document): string {
  return document.querySelector<HTMLLinkElement>("link[rel=icon]")?.href ?? "";
}
