import { assertEquals } from "@std/assert";
import { Heartbeat } from "../../src/net/heartbeat.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("heartbeat");

test("asks for a sign of life after 30 s, and again after 30 more", () => {
  const heartbeat = new Heartbeat(1_000);
  assertEquals(heartbeat.look(30_999), undefined);
  assertEquals(heartbeat.look(31_000), "ping");
  assertEquals(heartbeat.look(31_001), undefined);
  assertEquals(heartbeat.look(60_999), undefined);
  assertEquals(heartbeat.look(61_000), "ping");
});

test("gives up one of which no byte moved for 90 s", () => {
  const heartbeat = new Heartbeat(0);
  assertEquals(heartbeat.look(89_999), "ping");
  assertEquals(heartbeat.look(90_000), "dead");
});

test("counts from the last byte that moved", () => {
  const heartbeat = new Heartbeat(0);
  heartbeat.moved(80_000);
  assertEquals(heartbeat.look(109_999), undefined);
  assertEquals(heartbeat.look(110_000), "ping");
  assertEquals(heartbeat.look(169_999), "ping");
  assertEquals(heartbeat.look(170_000), "dead");
});

test("knows since when a sign of life is waited for, however often it was asked for", () => {
  const heartbeat = new Heartbeat(1_000);
  heartbeat.look(30_999);
  assertEquals(heartbeat.pingedAt, undefined);
  heartbeat.look(31_000);
  assertEquals(heartbeat.pingedAt, 31_000);
  heartbeat.look(61_000);
  assertEquals(heartbeat.pingedAt, 31_000);
  heartbeat.moved(61_500);
  assertEquals(heartbeat.pingedAt, undefined);
});
