import { assertEquals } from "@std/assert";
import {
  inColumns,
  rosterLines,
  rosterOf,
  shortRoster,
} from "../../../src/terminal/screen/roster.ts";
import type { User } from "../../../src/wire/server.ts";
import { testsOf } from "../../_testing.ts";

const test = testsOf("roster");

const PEOPLE: User[] = [
  { name: "gil", guest: true },
  { name: "Dan", key: "k1", away: "lunch until two" },
  { name: "bob", key: "k2", role: "operator" },
  { name: "eve", key: "k3", role: "operator", away: "ill" },
  { name: "ann", key: "k4", role: "creator" },
  { name: "cy", key: "k5" },
  { name: "root", key: "k6", role: "admin" },
];

function standingOf({ name }: User) {
  return name === "bob" ? "verified" : name === "cy" ? "changed" : "unknown";
}

test("has those who may do more first, and who is away behind who is here", () => {
  const people = rosterOf(PEOPLE, standingOf);
  assertEquals(rosterLines("dev", people, 78), [
    "in dev: 7 people, 2 away, ✓ verified",
    "  root (admin)",
    "  ann (creator)",
    "  bob ✓ (operator)",
    "  eve (operator, away: ill)",
    "  cy (not the one you verified)",
    "  gil (guest)",
    "  Dan (away: lunch until two)",
  ]);
});

test("names the first of them in one line", () => {
  const people = rosterOf(PEOPLE.slice(0, 3), standingOf);
  assertEquals(
    shortRoster(people),
    "bob ✓ (operator), gil (guest), Dan (away)",
  );
  const names = Array.from({ length: 25 }, (_, at) => `p${at + 10}`);
  const crowd = rosterOf(names.map((name) => ({ name })), standingOf);
  assertEquals(
    shortRoster(crowd),
    `${names.slice(0, 20).join(", ")} and 5 more`,
  );
});

test("stands in columns that fit the window where there are many", () => {
  const names = "alba bo cleo dora emil fee gus hanna ida".split(" ");
  const users: User[] = names.map((name) => ({ name }));
  users[1] = { name: "bo", role: "operator", away: "lunch" };
  const people = rosterOf(users, () => "unknown");
  assertEquals(rosterLines("dev", people, 40), [
    "in dev: 9 people, 1 away",
    "  bo (operator, away)  dora  gus",
    "  alba                 emil  hanna",
    "  cleo                 fee   ida",
  ]);
  assertEquals(rosterLines("dev", people, 20, 3_000).slice(-3), [
    "  hanna",
    "  ida",
    "  and 2991 more",
  ]);
});

test("cuts nothing to pieces in a window that is narrower than a name", () => {
  assertEquals(inColumns(["会議室の人", "bo"], 5), ["会議…", "bo"]);
  assertEquals(inColumns(["ann", "bo"], 1), ["…", "…"]);
  assertEquals(inColumns(["ann", "bo"], 7), ["ann  bo"]);
  assertEquals(inColumns(["ann", "bo"], 6), ["ann", "bo"]);
});
