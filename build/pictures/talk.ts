/** What is said in the pictures: a small team, and a morning on which something is slow. */

/** The pictures' morning. */
export const BEGIN = Date.UTC(2026, 2, 10, 9, 12);

/** Who looks at the page. */
export const VIEWER = "mara";
export const OTHERS = ["priya", "jonas", "lee", "tomas"];
export const ROOM = "incident-42";
export const OTHER_ROOM = "deploys";
export const TOPIC = "Checkout is slow since 09:05 · priya leads";

export interface Remark {
  /** Minutes after the remark before. */
  readonly after: number;
  readonly who: string;
  readonly text: string;
  /** Another place than the room of the picture: a room, or the viewer in private. */
  readonly to?: typeof OTHER_ROOM | typeof VIEWER;
}

export const TALK: readonly Remark[] = [
  {
    after: 0,
    who: "priya",
    text:
      "Checkout answers in 2.4 s at p99, it was 180 ms before the deploy at 09:05. I lead this one",
  },
  {
    after: 1,
    who: "jonas",
    text: "looking at the database: 97 of 100 connections are taken",
  },
  {
    after: 3,
    who: "lee",
    text: "found it: 4.12 sets `pool.max` to **4**, it should say 40",
  },
  { after: 0, who: "lee", text: "my typo, sorry 🙈" },
  {
    after: 1,
    who: "priya",
    text:
      "happens to all of us. @mara, can you roll back to 4.11 while lee writes the fix?",
  },
  { after: 0, who: "mara", text: "on it" },
  {
    after: 2,
    who: "jonas",
    text: "deploy of checkout 4.11 has begun",
    to: OTHER_ROOM,
  },
  {
    after: 1,
    who: "jonas",
    text: "deploy of checkout 4.11 is done",
    to: OTHER_ROOM,
  },
  {
    after: 0,
    who: "mara",
    text: "4.11 is out everywhere: https://deploys.example/checkout/4.11",
  },
  {
    after: 1,
    who: "lee",
    text:
      "and this is the fix, @priya:\n```\n- pool.max = 4\n+ pool.max = 40\n```",
  },
  {
    after: 1,
    who: "jonas",
    text: "31 connections, p99 at 190 ms and falling 🎉",
  },
  {
    after: 1,
    who: "tomas",
    text: "three customers have written; can you look over my answer?",
    to: VIEWER,
  },
  {
    after: 1,
    who: "priya",
    text:
      "Thank you all. I watch it until ten; we look back at it together at 14:00, with tea 🍵",
  },
];

/** When the pictures are taken. */
export const END = BEGIN +
  TALK.reduce((sum, { after }) => sum + after, 1) * 60_000;

/** Who works elsewhere meanwhile. */
export const CROWD =
  "ana ben chloe dario elif farah gus hana ivan jun kofi lena malik nora omar petra quinn rosa samir tilda umar vera wei xenia yusuf zoe anders bela"
    .split(" ");
/** How long the monitor's charts reach back. */
export const HOUR_MINUTES = 60;

/** How many of them there are, and what they say in a minute: a quiet hour with a busy quarter. */
export function loadAt(minute: number): { people: number; remarks: number } {
  const wave = Math.sin(minute / 7) + Math.sin(minute / 2.3) / 2;
  const rush = Math.exp(-(((minute - 42) / 6) ** 2));
  return {
    people: Math.round(14 + 2 * wave + 12 * rush),
    remarks: Math.round(40 + 20 * wave + 160 * rush),
  };
}
