/** The server's log as it is written. */
import { useComputed, useSignal } from "@preact/signals";
import { Component, type TargetedEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { describeError } from "../../../base/errors.ts";
import { secondText } from "../../../base/time.ts";
import { dateOf } from "../../../text/render.ts";
import { LEVELS, type LogLine } from "../../model/log_tail.ts";
import type { Monitor } from "../../model/monitor.ts";
import { secondTime } from "./second_time.ts";

/** Lines that are drawn together: what has not changed is not looked at again. */
const CHUNK_LINES = 50;
/** Pixels from the end that still count as there. */
const END_PX = 8;

export function LogView({ monitor }: { monitor: Monitor }) {
  const { log } = monitor;
  const list = useRef<HTMLDivElement>(null);
  const isAtEnd = useSignal(true);
  const lines = log.shown.value;
  const chunks = useComputed(() => chunksOf(log.shown.value));
  useLayoutEffect(() => {
    const element = list.current!;
    if (isAtEnd.peek()) element.scrollTop = element.scrollHeight;
  }, [lines]);
  // It may come a frame later, when the monitor is closed.
  const look = ({ currentTarget }: TargetedEvent<HTMLElement>) => {
    const { scrollTop, clientHeight, scrollHeight } = currentTarget;
    isAtEnd.value = scrollHeight - scrollTop - clientHeight < END_PX;
  };
  return (
    <section class="monitor-log" aria-labelledby="head-log">
      <LogHeader monitor={monitor} />
      <div
        class="lines"
        ref={list}
        tabIndex={0}
        role="group"
        aria-label="Lines of the log"
        onScroll={look}
      >
        {lines.length === 0 && <p class="small">No line is like that.</p>}
        {chunks.value.map(([number, lines]) => (
          <Chunk key={number} lines={lines} />
        ))}
      </div>
      {!isAtEnd.value && (
        <button
          type="button"
          class="button to-end"
          onClick={() => {
            const element = list.current!;
            element.scrollTop = element.scrollHeight;
          }}
        >
          To the latest
        </button>
      )}
    </section>
  );
}

function LogHeader({ monitor }: { monitor: Monitor }) {
  const { log } = monitor;
  const isHeld = log.isHeld.value;
  const copy = async () => {
    const lines = log.shown.peek();
    const text = lines.map(({ at, text }) =>
      `${secondText(dateOf(at))} ${text}`
    );
    try {
      await navigator.clipboard.writeText(text.join("\n"));
      monitor.said.value = `${lines.length} lines are copied`;
    } catch (error) {
      monitor.said.value = `not copied: ${describeError(error)}`;
    }
  };
  return (
    <header>
      <h2 id="head-log">Log</h2>
      <span class="small">
        {isHeld ? `${log.missed.value} more since` : log.shown.value.length}
      </span>
      <button
        type="button"
        class="button"
        aria-pressed={isHeld}
        onClick={() => log.hold(isHeld ? "live" : "held")}
      >
        {isHeld ? "Go on" : "Pause"}
      </button>
      <button type="button" class="button" onClick={copy}>Copy</button>
      <select
        aria-label="Least level"
        value={log.least.value}
        onChange={({ currentTarget }) =>
          log.least.value = LEVELS[currentTarget.selectedIndex]!}
      >
        <option value="info">All</option>
        <option value="warn">Warnings</option>
        <option value="error">Errors</option>
      </select>
      <input
        type="search"
        aria-label="Find in the log"
        placeholder="Find in the log"
        spellcheck={false}
        value={log.wanted.value}
        onInput={({ currentTarget }) => log.wanted.value = currentTarget.value}
      />
    </header>
  );
}

type Chunked = [number: number, lines: LogLine[]];

/** A line stays in its chunk, whatever comes before and behind. */
function chunksOf(lines: readonly LogLine[]): Chunked[] {
  const chunks: Chunked[] = [];
  for (const line of lines) {
    const number = Math.floor(line.number / CHUNK_LINES);
    const last = chunks.at(-1);
    if (last?.[0] === number) last[1].push(line);
    else chunks.push([number, [line]]);
  }
  return chunks;
}

class Chunk extends Component<{ lines: readonly LogLine[] }> {
  override shouldComponentUpdate({ lines }: { lines: readonly LogLine[] }) {
    const before = this.props.lines;
    return lines.length !== before.length ||
      lines.some((line, at) => line !== before[at]);
  }

  override render() {
    return (
      <ol>
        {this.props.lines.map((line) => <Line key={line.number} line={line} />)}
      </ol>
    );
  }
}

function Line({ line }: { line: LogLine }) {
  const { at, level, event, fields } = line;
  return (
    <li class={level}>
      <time>{secondTime(at)}</time>
      <span class="level">{level}</span>
      <span class="event">{event}</span>
      {fields.map(([name, value]) => (
        <span key={name} class="pair">
          <span class="pair-name">{name}</span> {value}
        </span>
      ))}
    </li>
  );
}
