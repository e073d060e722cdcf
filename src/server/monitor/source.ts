/** What the monitor tells whoever asks for it in this process. */
import type { Numbers, ServerFacts } from "../../wire/watched.ts";

/** The same as a `status` has; each look is fresh. */
export interface MonitorSource {
  server(): ServerFacts;
  numbers(): Numbers;
}
