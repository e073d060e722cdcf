/**
 * One message of every type that the wire has from the server: with its least fields, and with all.
 */

type Message = { type: string } & Record<string, unknown>;

const AT = 1_700_000_000_000;
const KEY = "SHA256:GjIf5rj9HhFvAKtEYDHntmMFCf4kZUtPfJRq+kauYXQ";

export const MINIMAL: readonly Message[] = [
  { type: "welcome", name: "ann", server: "s", version: "1.0.0", room: "" },
  { type: "next" },
  { type: "ack", id: "1" },
  { type: "chat", room: "lobby", from: "ann", txt: "hi", seq: 1, at: AT },
  { type: "private", from: "ann", to: "bob", txt: "hi", seq: 1, at: AT },
  { type: "history", room: "lobby", messages: [], more: false },
  { type: "joined", room: "lobby", name: "ann", at: AT },
  { type: "left", room: "lobby", name: "ann", at: AT, reason: "cut" },
  { type: "here", room: "" },
  { type: "presence", room: "lobby", count: 201 },
  { type: "renamed", from: "ann", name: "anna", at: AT },
  { type: "topic", room: "lobby", text: "tea", by: "ann", at: AT },
  { type: "users", room: "lobby", users: [] },
  { type: "rooms", rooms: [] },
  { type: "help", commands: [] },
  { type: "whois", name: "ann", rooms: [], since: AT, idleMs: 0 },
  { type: "found", room: "lobby", query: "tea", messages: [] },
  { type: "invite", link: "confab://h?fp=F&t=T", expires: AT, uses: 1 },
  { type: "bans", bans: [], more: false },
  { type: "notice", text: "going down at noon" },
  { type: "typing", name: "ann" },
  { type: "read", room: "lobby", seq: 3 },
  { type: "error", code: "busy", text: "try again later" },
  { type: "ping", t: 1 },
  { type: "pong", t: -0.5 },
  { type: "bye", code: "closed", text: "goodbye" },
];

const CHAT: Message = {
  type: "chat",
  room: "lobby",
  from: "ann",
  txt: "two\n\tlines",
  seq: 2,
  at: AT,
  action: true,
  id: "c",
};
const PRIVATE: Message = {
  type: "private",
  from: "ann",
  to: "bob",
  txt: "hi",
  seq: 1,
  at: AT,
  action: true,
  id: "p",
};

export const FULL: readonly Message[] = [
  {
    type: "welcome",
    name: "ann",
    server: "s",
    version: "1.0.0",
    room: "lobby",
    key: KEY,
    next: KEY,
  },
  { type: "next", key: KEY },
  { type: "ack", id: "1", room: "lobby", seq: 4, at: AT },
  { type: "ack", id: "2", to: "bob", seq: 4, at: AT },
  CHAT,
  PRIVATE,
  {
    type: "history",
    room: "lobby",
    messages: [CHAT, PRIVATE],
    more: true,
    older: true,
    skipped: { from: 1, to: 9 },
    reset: true,
    id: "h",
  },
  { type: "joined", room: "lobby", name: "ann", at: AT, key: KEY },
  { type: "joined", room: "lobby", name: "guest-1", at: AT, guest: true },
  {
    type: "left",
    room: "lobby",
    name: "ann",
    at: AT,
    key: KEY,
    reason: "kicked",
  },
  {
    type: "left",
    room: "lobby",
    name: "guest-1",
    at: AT,
    guest: true,
    reason: "left",
  },
  {
    type: "users",
    room: "lobby",
    users: [
      { name: "ann", key: KEY, role: "admin", away: "at lunch" },
      { name: "guest-1", guest: true },
    ],
  },
  {
    type: "rooms",
    rooms: [{ name: "lobby", people: 2, topic: "tea" }, {
      name: "x",
      people: 0,
    }],
  },
  { type: "help", commands: [{ name: "list", args: "", text: "the rooms" }] },
  {
    type: "whois",
    name: "ann",
    key: KEY,
    rooms: ["lobby"],
    since: AT,
    idleMs: 7,
    away: "at lunch",
  },
  {
    type: "whois",
    name: "guest-1",
    guest: true,
    rooms: [],
    since: AT,
    idleMs: 7,
  },
  { type: "found", room: "lobby", query: "tea", messages: [CHAT, PRIVATE] },
  {
    type: "found",
    room: "lobby",
    query: "tea",
    messages: [],
    more: true,
    searched: { seq: 7, at: AT },
  },
  {
    type: "bans",
    bans: [
      { target: "192.0.2.0/24", by: "adm", at: AT },
      { target: "SHA256:eve", name: "eve", by: "adm", at: AT },
      { target: "2001:db8::/48", by: "adm", at: AT, until: AT, why: "spam" },
    ],
    more: true,
  },
  { type: "typing", room: "lobby", name: "ann" },
  { type: "typing", from: "ann", name: "ann" },
  {
    type: "error",
    code: "rate-limited",
    text: "not so fast",
    id: "1",
    retryAfterMs: 250,
  },
  {
    type: "bye",
    code: "restart",
    text: "back in a second",
    reconnectAfterMs: 1_000,
  },
];
