import { assertEquals } from "@std/assert";
import { renderMessage } from "../../src/text/render.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("render of an answer");

/** A moment that is 12:03 wherever the test runs. */
const AT = new Date(2025, 5, 15, 12, 3).getTime();
const MESSAGES = [
  { type: "chat", room: "lobby", from: "ann", txt: "one", seq: 1, at: AT },
  { type: "unknown", room: "lobby", seq: 2 },
  { type: "chat", room: "lobby", from: "bob", txt: "a\nb", seq: 3, at: AT },
] as const;
const SHOWN = "[12:03] ann: one\n[12:03] bob: a\n        b";

test("shows the messages of a page, or says that there are none", () => {
  const page = { type: "history", room: "lobby", more: false } as const;
  assertEquals(renderMessage({ ...page, messages: [...MESSAGES] }), SHOWN);
  assertEquals(
    renderMessage({ ...page, messages: [] }),
    "* nothing was said in lobby yet",
  );
});

test("shows what a search found, or that it found nothing", () => {
  const found = { type: "found", room: "lobby", query: "tea cups" } as const;
  assertEquals(renderMessage({ ...found, messages: [...MESSAGES] }), SHOWN);
  assertEquals(
    renderMessage({ ...found, messages: [] }),
    "* nothing in lobby has all of: tea cups",
  );
});

test("says how far back a search has looked, and how it goes on", () => {
  const searched = { seq: 123, at: new Date(2026, 0, 5, 9, 3).getTime() };
  const found = {
    ...{ type: "found", room: "lobby", query: "tea cups", searched } as const,
    messages: [],
  };
  assertEquals(
    renderMessage(found),
    "* nothing so far in lobby has all of: tea cups\n" +
      "* searched back to 2026-01-05 09:03: /search before:123 tea cups goes on",
  );
  assertEquals(
    renderMessage({ ...found, messages: [...MESSAGES], more: true }),
    `${SHOWN}\n* there are more before 2026-01-05 09:03: ` +
      "/search before:123 tea cups shows them",
  );
});

test("lists who is banned, and how to see the others", () => {
  const ban = { target: "192.0.2.0/24", by: "adm", at: AT } as const;
  const until = new Date(2025, 5, 22, 9, 5).getTime();
  assertEquals(
    renderMessage({
      type: "bans",
      bans: [
        { ...ban, target: "SHA256:eve", name: "eve" },
        ban,
        { ...ban, target: "192.0.2.7", until, why: "spam" },
      ],
      more: true,
    }),
    "* eve SHA256:eve, banned by adm on 2025-06-15 12:03\n" +
      "* 192.0.2.0/24, banned by adm on 2025-06-15 12:03\n" +
      "* 192.0.2.7, banned by adm on 2025-06-15 12:03 until 2025-06-22 09:05: spam\n" +
      "* there are more: /server bans 192.0.2.7",
  );
  assertEquals(
    renderMessage({ type: "bans", bans: [], more: false }),
    "* nobody is banned from the server",
  );
});

test("tells who somebody is", () => {
  const whois = {
    type: "whois",
    name: "ann",
    since: AT,
    idleMs: 59_999,
  } as const;
  assertEquals(
    renderMessage({ ...whois, guest: true, rooms: [] }),
    "* ann is a guest, here since 12:03",
  );
  assertEquals(
    renderMessage({
      ...whois,
      key: "SHA256:abc",
      rooms: ["lobby", "dev"],
      idleMs: 7_559_999,
      away: "lunch",
    }),
    "* ann is SHA256:abc, here since 12:03, in lobby, dev, last seen 2 hours, 5 minutes ago, away: lunch",
  );
  assertEquals(
    renderMessage({
      ...whois,
      key: "SHA256:abc",
      role: "operator",
      rooms: ["dev"],
      idleMs: 7_559_999,
    }),
    "* ann is SHA256:abc (operator), here since 12:03, in dev, silent for 2 hours, 5 minutes",
  );
  assertEquals(
    renderMessage({ ...whois, key: "SHA256:abc", rooms: [], seen: AT }),
    "* ann is SHA256:abc, not here, last seen 2025-06-15 12:03",
  );
});

test("says what a link is good for, and shows it on a line of its own", () => {
  const link = "confab://h?fp=F&t=T";
  const invite = { type: "invite", link, expires: AT } as const;
  assertEquals(
    renderMessage({ ...invite, uses: 1 }),
    `* lets one person in until 2025-06-15 12:03:\n        ${link}`,
  );
  assertEquals(
    renderMessage({ ...invite, uses: 1_500 }),
    `* lets 1,500 people in until 2025-06-15 12:03:\n        ${link}`,
  );
});
