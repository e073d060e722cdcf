/** What the monitor tells whoever asks for it in this process. */
import type { Numbers, ServerFacts } from "../../wire/watched.ts";

/** The same as a `status` has; what takes a pass over all connections is up to a second old. */
export interface MonitorSource {
  server(): ServerFacts;
  numbers(): Numbers;
}
