/** A long history, gone through by keyboard from its end to its beginning in a real browser. */
import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { SqliteStore } from "../../src/store/sqlite/store.ts";
import type { Entry } from "../../src/store/store.ts";
import type { Server } from "../e2e/_program.ts";
import { comeIn, field, logOf } from "./_log.ts";
import { scene } from "./_stage.ts";

const MESSAGES = 10_000;
const MINUTE_MS = 60_000;
const KEYS = ["p", "q"].map((letter) => `SHA256:${letter.repeat(43)}`);

/** Writes a long log of the room `long` into a server's store: each message has its number. */
async function writeLong(server: Server): Promise<void> {
  server.kill("SIGTERM");
  await server.status;
  const at = Date.now() - MESSAGES * MINUTE_MS;
  const entries = Array.from({ length: MESSAGES }, (_, index): Entry => ({
    ...{ room: "long", seq: index + 1, at: at + index * MINUTE_MS },
    ...{ from: index % 5 < 3 ? "pia" : "quentin", kind: "text" },
    ...{ person: KEYS[index % 5 < 3 ? 0 : 1]!, id: `id${index}` },
    // Here and there many that are high, of which nobody could guess it.
    body: `number ${index + 1}` + "\nmore".repeat(index % 60 < 12 ? 5 : 0),
  }));
  {
    await using store = SqliteStore.open(`${server.data}/confab.db`);
    const append = { room: "long", expectedHead: 0, entries };
    await store.commit({ appends: [append], writes: [] });
  }
  await server.restart();
}

/** The numbers of the messages in the view, when the page has settled after what was done last. */
function inView(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    await frame();
    const log = document.querySelector("[role=log]")!;
    const { top, bottom } = log.getBoundingClientRect();
    return [...log.querySelectorAll(".said")].filter((said) => {
      const box = said.getBoundingClientRect();
      return box.bottom > top && box.top < bottom;
    }).map((said) =>
      Number(/number (\d+)/.exec(said.textContent ?? "")?.[1] ?? NaN)
    );
  });
}

scene(
  "by keyboard one goes through ten thousand messages to the first, and none is passed over",
  async (stage) => {
    const server = await stage.serve("--rate", "0");
    await writeLong(server);
    const url = `http://127.0.0.1:${server.port}/`;
    const ann = await comeIn(stage, url, { name: "ann", room: "long" });
    await ann.setViewportSize({ width: 1280, height: 2_400 });
    const begins = logOf(ann).getByText("This is where long begins.");
    await logOf(ann).getByText(`number ${MESSAGES}`).waitFor();
    await field(ann).focus();
    const seen = new Set<number>();
    let first = MESSAGES + 1;
    while (!seen.has(1) || !await begins.isVisible()) {
      const numbers = await inView(ann);
      const [low, high] = [numbers[0]!, numbers.at(-1)!];
      // All of what is before one, without a gap, and on from where one was.
      assertEquals(numbers, numbers.map((_, index) => low + index));
      assert(low <= first && high >= first - 1, `${low} to ${high}, ${first}`);
      for (const number of numbers) seen.add(number);
      first = low;
      await ann.keyboard.press("PageUp");
    }
    assertEquals(seen.size, MESSAGES);
    // What is so long is not all in the page, and the end is a key away.
    assert(await ann.locator(".line").count() < 400);
    await logOf(ann).focus();
    await ann.keyboard.press("End");
    await logOf(ann).getByText(`number ${MESSAGES}`).waitFor();
  },
);
