/** Everything that parses. A target is a line here; the suite runs it, and so does `deno task fuzz`. */
import { CODEC_TARGETS } from "./_codec_targets.ts";
import { HANDSHAKE_TARGETS } from "./_handshake_targets.ts";
import { HUB_TARGETS } from "./_hub_target.ts";
import { SCREEN_TARGETS } from "./_screen_targets.ts";
import { SECRET_TARGETS } from "./_secret_targets.ts";
import { SERVER_TARGETS } from "./_server_target.ts";
import { TERMINAL_TARGETS } from "./_terminal_target.ts";
import { WIRE_TARGETS } from "./_wire_targets.ts";
import { WORD_TARGETS } from "./_word_targets.ts";
import type { Target } from "./_fuzz.ts";

export const TARGETS: readonly Target[] = [
  ...WIRE_TARGETS,
  ...CODEC_TARGETS,
  ...SECRET_TARGETS,
  ...SCREEN_TARGETS,
  ...TERMINAL_TARGETS,
  ...WORD_TARGETS,
  ...HANDSHAKE_TARGETS,
  ...HUB_TARGETS,
  ...SERVER_TARGETS,
];
