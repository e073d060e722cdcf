/** Streams that break: the peer is told why, where there is a reason to tell. */
import { assertEquals } from "@std/assert";
import { concat } from "@std/bytes/concat";
import { encodeMessage } from "../../src/wire/server.ts";
import { eventLoopTurn } from "../_fake_clock.ts";
import { chat, scene } from "./_session.ts";

const BROKEN: Record<string, { header: number[]; code: string }> = {
  "of no length": { header: [0, 0, 0, 0], code: "bad-message" },
  "that is too long": { header: [0, 1, 0, 0], code: "too-large" },
  "of nearly 4 GiB": { header: [255, 255, 255, 255], code: "too-large" },
};

for (const [what, { header, code }] of Object.entries(BROKEN)) {
  scene(
    `handles what came before a frame ${what}, says why, and ends`,
    {},
    async (it) => {
      await it.greet();
      const before = encodeMessage(chat("before"));
      const after = encodeMessage(chat("after"));
      await it.sendBytes(concat([before, Uint8Array.from(header), after]));
      await eventLoopTurn();
      assertEquals(it.takeSaid(), ["before"]);
      const codes = it.take().map((one) => [one.type, one.code]);
      assertEquals(codes, [["error", code], ["bye", "refused"]]);
      assertEquals([it.isOver, it.ended], [true, undefined]);
      await it.send(chat("and more"));
      assertEquals(it.takeSaid(), []);
      await it.far.closeWrite();
      await eventLoopTurn();
      assertEquals(it.ended, "closed");
    },
  );
}
