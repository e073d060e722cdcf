/** Time as the server sees it; tests hand in their own. */
import type { HubClock } from "../chat/hub.ts";

export interface Clock extends HubClock {
  /** Calls back after `ms`; the result cancels that. */
  after(ms: number, callback: () => void): () => void;
}

export const SYSTEM_CLOCK: Clock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
