import { assert, assertEquals } from "@std/assert";
import type { Position } from "../../../src/web/model/place.ts";
import { LogWindow, type Part } from "../../../src/web/view/log_window.ts";

const VIEW_PX = 400;
const HEAD_PX = 50;

/** A log of rows with heights of their own, laid out as a browser does it. */
class Log {
  readonly window: LogWindow;
  rows: number[];
  #scrollTop = 0;
  #part: Part = { from: 0, to: 0, above: 0, below: 0 };

  constructor(from: number, to: number, position: Position = "end") {
    this.rows = range(from, to);
    this.window = new LogWindow(position);
    this.render();
  }

  /** From 10 to 209 pixels, as it comes. */
  heightOf(row: number): number {
    return 10 + (row * 7_919) % 200;
  }

  get clientHeight(): number {
    return VIEW_PX;
  }

  get scrollHeight(): number {
    const { above, below } = this.#part;
    return HEAD_PX + above + below +
      this.shown.reduce((sum, row) => sum + this.heightOf(row), 0);
  }

  get scrollTop(): number {
    const most = Math.max(0, this.scrollHeight - VIEW_PX);
    return this.#scrollTop = Math.min(Math.max(0, this.#scrollTop), most);
  }

  set scrollTop(top: number) {
    this.#scrollTop = top;
  }

  get shown(): number[] {
    return this.rows.slice(this.#part.from, this.#part.to);
  }

  /** How far below the upper edge of the view a row stands; `undefined` where it is not in the page. */
  topOf(row: number): number | undefined {
    let top = HEAD_PX + this.#part.above - this.scrollTop;
    for (const one of this.shown) {
      if (one === row) return top;
      top += this.heightOf(one);
    }
    return undefined;
  }

  /** Renders until nothing more is needed; how often. */
  render(): number {
    for (let times = 1;; times++) {
      assert(times < 8, "it does not come to an end");
      this.#part = this.window.render({
        length: this.rows.length,
        keyAt: (index) => `s${this.rows[index]}`,
      });
      if (!this.#settle()) return times;
    }
  }

  /** The person scrolls. */
  scroll(by: number): void {
    this.scrollTop += by;
    if (this.window.scrolled(this as never, true)) this.render();
  }

  /** All of the view is filled. */
  assertFilled(): void {
    const [first, last] = [this.shown[0]!, this.shown.at(-1)!];
    const isBegin = first === this.rows[0];
    assert(isBegin || this.topOf(first)! <= 0, "nothing at the top");
    const end = this.topOf(last)! + this.heightOf(last);
    const isEnd = last === this.rows.at(-1);
    assert(isEnd || end >= VIEW_PX, "nothing at the bottom");
  }

  #settle(): boolean {
    const children = this.shown.map((row) => ({
      getBoundingClientRect: () => ({ height: this.heightOf(row) }),
    }));
    const list = { offsetTop: HEAD_PX, children };
    return this.window.settle(this as never, list as never, true);
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

/** The first row whose beginning is in the view. */
function firstIn(log: Log): number {
  return log.shown.find((row) => log.topOf(row)! >= 0)!;
}

Deno.test("a log begins at its end and stays there as it grows", () => {
  const log = new Log(1_000, 1_999);
  const isAtEnd = () =>
    log.topOf(log.rows.at(-1)!)! + log.heightOf(log.rows.at(-1)!) === VIEW_PX;
  assert(isAtEnd());
  log.assertFilled();
  for (let row = 2_000; row < 2_040; row++) {
    log.rows.push(row);
    log.render();
    assert(isAtEnd());
  }
  assert(log.shown.length < 60);
});

Deno.test("nothing moves while one scrolls, and lines are added above and below", () => {
  const log = new Log(1_000, 1_999);
  let from = 1_000;
  for (let step = 1; step < 400; step++) {
    log.scroll(-(step * 37) % 500);
    log.assertFilled();
    const row = firstIn(log);
    const top = log.topOf(row);
    log.rows = [...range(from - 10, from - 1), ...log.rows, 2_000 + step];
    from -= 10;
    log.render();
    assertEquals(log.topOf(row), top, `step ${step}`);
    log.assertFilled();
  }
});

Deno.test("a line goes by what one scrolls, however high those above turn out", () => {
  const log = new Log(1, 5_000);
  for (let step = 0; step < 300; step++) {
    const row = firstIn(log);
    const top = log.topOf(row)!;
    log.scroll(-60);
    assertEquals(log.topOf(row), top + 60, `step ${step}`);
  }
});

Deno.test("one goes to a line, and is held there", () => {
  const log = new Log(1, 5_000);
  log.window.place({ key: "s2500", offset: 130 });
  log.render();
  assertEquals(log.topOf(2_500), 130);
  log.assertFilled();
  log.rows = [...range(-99, 0), ...log.rows];
  log.render();
  assertEquals(log.topOf(2_500), 130);
  assertEquals(log.window.position, { key: "s2500", offset: 130 });
  log.window.place("end");
  log.render();
  assertEquals(log.topOf(5_000)! + log.heightOf(5_000), VIEW_PX);
});

Deno.test("a line that is gone leaves what stood behind it", () => {
  const log = new Log(1, 500);
  log.window.place({ key: "s200", offset: 100 });
  log.render();
  log.rows = log.rows.filter((row) => row !== 200);
  log.render();
  log.assertFilled();
  assert(log.shown.includes(201));
});

Deno.test("where all that follows is in the view, one is at the end", () => {
  // The rows are 129, 48 and 167 high; the last two of a hundred 191 and 110.
  const short = new Log(1, 3, { key: "s2", offset: 120 });
  assertEquals(short.window.position, "end");
  const long = new Log(1, 100, { key: "s99", offset: 90 });
  assertEquals(long.window.position, "end");
  const before = new Log(1, 100, { key: "s90", offset: 120 });
  assertEquals(before.window.position, { key: "s90", offset: 120 });
});
