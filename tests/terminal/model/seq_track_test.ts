import { assertEquals } from "@std/assert";
import { SeqTrack } from "../../../src/terminal/model/seq_track.ts";
import { testsOf } from "../../_testing.ts";

const test = testsOf("the order of a place", "none");

test("what is missing between two is found, once", () => {
  const track = new SeqTrack();
  assertEquals([track.came(5), track.came(6)], [undefined, undefined]);
  assertEquals(track.came(10), { from: 7, to: 9 });
  assertEquals([track.came(8), track.came(11)], [undefined, undefined]);
});

test("one's own that was acknowledged early is not missing, before the first message too", () => {
  const track = new SeqTrack();
  track.acked(4);
  track.came(3);
  track.acked(7);
  assertEquals(track.came(5), undefined);
  assertEquals([track.came(6), track.came(8)], [undefined, undefined]);
  track.acked(10);
  // 9 is another's.
  assertEquals(track.came(11), { from: 9, to: 10 });
});

test("as many as have no ack yet may be one's own", () => {
  const track = new SeqTrack();
  track.came(1);
  assertEquals(track.came(4, 2), undefined);
  assertEquals(track.came(8, 2), { from: 5, to: 7 });
});

test("goes on behind what is skipped, and anew after a reset", () => {
  const track = new SeqTrack();
  track.came(900);
  track.skipTo(950);
  assertEquals(track.came(951), undefined);
  track.reset();
  assertEquals([track.newest, track.came(3)], [undefined, undefined]);
});
