import { assertEquals } from "@std/assert";
import { testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";

const test = testsOf("rooms that are made");
const DAY_MS = 24 * 3_600_000;

test("are 1,000 a day at an address, and count when something is said in them", async () => {
  const scene = new Scene();
  const guest = await scene.guest("gus", "192.0.2.7");
  const enters = (room: string) => guest.tries(`/join ${room}`);
  for (let n = 0; n < 1_100; n++) assertEquals(await enters(`e${n}`), "ack");
  for (let n = 0; n < 1_000; n++) {
    assertEquals(await enters(`r${n}`), "ack");
    assertEquals(await guest.tries("hello"), "ack");
  }
  assertEquals(await enters("r1000"), "ack");
  assertEquals(await guest.tries("hello"), "limit-reached");
  // Another key at the address, a room that there is, another address, another day.
  const neighbour = await scene.guest("nel", "192.0.2.7", { room: "x" });
  assertEquals(await neighbour.tries("hello"), "limit-reached");
  assertEquals(await neighbour.tries("/join r7"), "ack");
  assertEquals(await neighbour.tries("hello"), "ack");
  const far = await scene.guest("fay", "192.0.2.8", { room: "y" });
  assertEquals(await far.tries("hello"), "ack");
  await scene.waits(DAY_MS);
  assertEquals(await guest.tries("hello"), "ack");
});
