import { assertEquals } from "@std/assert";
import { delay, SYSTEM_CLOCK } from "../../src/base/clock.ts";
import { arrive, page } from "../e2e/_doing.ts";
import { keyFromPrivateBytes } from "../e2e/_keys.ts";
import { SEED, unless } from "../_testing.ts";
import { hasTmux } from "./_tmux.ts";
import { Day, standing } from "./day/_day.ts";
import type { Kept } from "./day/_ledger.ts";
import { SCENES } from "./day/_scenes.ts";
import { linesOf, oddRows, Watched } from "./day/_screens.ts";

const missing = await hasTmux() ? undefined : "there is no tmux here";
/** `CONFAB_DAY=long`: so many scenes in any order. */
const LONG = 60;
const isLong = Deno.env.get("CONFAB_DAY") === "long";

/** The history of a place as its people can read it, page by page. */
async function historyOf(day: Day, place: string): Promise<Kept[]> {
  const [first, other] = place.startsWith("@")
    ? place.slice(1).split("+") as [string, string]
    : [];
  const one = day.terminals.find(({ id }) => id === first || id === other);
  const key = first === undefined ? undefined : await keyOf(one!.data);
  const isFirst = one?.id === first;
  const room = first === undefined
    ? place
    : `@${day.nameOf(isFirst ? other! : first)}`;
  const hello = { room: first === undefined ? place : "lobby" };
  await using client = await arrive(
    day.server,
    hello,
    key === undefined ? {} : { key },
  );
  const all: Kept[] = [];
  while (true) {
    const answer = await page(client, room, {
      after: all.at(-1)?.seq ?? 0,
      limit: 100,
    });
    if (answer.code === "rate-limited") {
      await delay(SYSTEM_CLOCK, Number(answer.retryAfterMs));
      continue;
    }
    assertEquals(answer.type, "history", JSON.stringify(answer));
    for (const one of answer.messages ?? []) {
      all.push({
        seq: one.seq!,
        from: one.from!,
        txt: one.txt!,
        action: one.action === true,
      });
    }
    if (!answer.more) return all;
  }
}

async function keyOf(data: string) {
  const pem = await Deno.readTextFile(`${data}/identity`);
  const base64 = pem.split("\n").filter((row) => !row.startsWith("-")).join("");
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  return keyFromPrivateBytes(bytes.slice(-32));
}

async function judge(day: Day): Promise<string[]> {
  const histories = new Map<string, Kept[]>();
  for (const place of day.ledger.places) {
    histories.set(place, await historyOf(day, place));
  }
  const faults = [...histories].flatMap(([place, kept]) =>
    day.ledger.faultsOf(place, kept)
  );
  // Everything that waits is looked at.
  await day.all(day.terminals, async (one) => {
    for (const place of one.places) await one.go(place);
    await one.end("killed");
  });
  for (const one of day.terminals) {
    const watched = new Watched(day.ledger, standing(histories));
    for (const rows of one.runs) {
      const lines = linesOf(rows);
      watched.run(lines);
      faults.push(...oddRows(lines).map((row) => `${one.id} sees ${row}`));
    }
    faults.push(...watched.faults.map((fault) => `${one.id}: ${fault}`));
    for (const place of one.places) {
      const where = one.meant(place);
      const head = histories.get(where)?.at(-1)?.seq;
      const shown = watched.shown.get(where);
      if (head !== shown) {
        faults.push(`${one.id} saw ${place} to ${shown} of ${head}`);
      }
    }
  }
  return faults;
}

Deno.test({
  ...unless(missing, "seven people have a day"),
  fn: async (t) => {
    await using day = await Day.begin(SEED);
    const scenes = isLong
      ? Array.from({ length: LONG }, () => day.random.pick(SCENES))
      : SCENES;
    for (const [at, scene] of scenes.entries()) {
      const name = `${at + 1} ${scene.name}`;
      // What comes behind a scene that failed says nothing.
      if (!await t.step(name, () => scene(day))) return;
    }
    assertEquals(await judge(day), []);
  },
});
