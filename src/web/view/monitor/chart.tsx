/** One chart: curves of the last hour, the numbers of now, and those of any step that one points at. */
import { type Signal, useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { MONITOR_STEPS } from "../../../base/limits.ts";
import { clockTime } from "../../../text/render.ts";
import { spanText } from "../../../text/quantities.ts";
import { curveOf, GROUND, topOf } from "../../model/curve.ts";
import { extremesOf } from "../../model/hour.ts";
import type { Monitor } from "../../model/monitor.ts";
import type { ChartPlan } from "./chart_plans.ts";
import { secondTime } from "./second_time.ts";

interface ChartProps {
  monitor: Monitor;
  plan: ChartPlan;
}

export function Chart({ monitor, plan }: ChartProps) {
  const { title, unit, curves } = plan;
  const { hour } = monitor;
  /** The place that is pointed at, counted from the left edge; none when one looks at now. */
  const pointed = useSignal<number | undefined>(undefined);
  const id = useId();
  const all = curves.map(({ series }) => hour.valuesOf(series));
  const most = Math.max(...all.map((one) => extremesOf(one)?.most ?? 0));
  const top = topOf(most, unit.scale, unit.least);
  return (
    <figure class="chart" aria-labelledby={id}>
      <figcaption>
        <h3 id={id}>{title}</h3>
        <Numbers monitor={monitor} plan={plan} pointed={pointed} />
      </figcaption>
      <div class="plot">
        <svg
          viewBox={`0 0 ${GROUND.width} ${GROUND.height}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          {all.map((values, at) => {
            const { line, area } = curveOf(values, top);
            return (
              <g key={at} class={`curve-${at}`}>
                {at === 0 && <path class="area" d={area} />}
                <path class="line" d={line} />
              </g>
            );
          })}
          <Pointer pointed={pointed} />
        </svg>
        <span class="top">{unit.show(top)}</span>
        <Reader monitor={monitor} plan={plan} pointed={pointed} />
      </div>
      <p class="axis">
        <span>{spanText(hour.lengthMs)} ago</span>
        <span>now</span>
      </p>
      <p class="hidden">{summaryOf(plan, all, monitor)}</p>
    </figure>
  );
}

type WithPointed = ChartProps & { pointed: Signal<number | undefined> };

/** The numbers of now, once a second, or those of the step that is pointed at. */
function Numbers({ monitor, plan, pointed }: WithPointed) {
  const { unit, curves } = plan;
  const place = pointed.value;
  const numbers = monitor.status.value?.numbers;
  const texts = curves.map(({ series }) => {
    const values = monitor.hour.valuesOf(series);
    const value = place === undefined
      ? numbers?.[series]
      : values[stepOf(place, values.length)];
    return value === undefined || Number.isNaN(value) ? "–" : unit.show(value);
  });
  return (
    <p class="numbers">
      {place !== undefined && (
        <span class="small">{timeOf(monitor, plan, place)}</span>
      )}
      {curves.map(({ series, word }, at) => (
        <span key={series} class={`number-${at}`}>
          {word !== undefined && <span class="word">{word}</span>}{" "}
          <span class="figure">{texts[at]}</span>
        </span>
      ))}
    </p>
  );
}

function Pointer({ pointed }: { pointed: Signal<number | undefined> }) {
  const place = pointed.value;
  if (place === undefined) return null;
  const x = place + 1;
  return <path class="pointer" d={`M${x} 0V${GROUND.height}`} />;
}

/** What is read step by step, by keys, by a finger, by a screen reader: a range over the hour. */
function Reader({ monitor, plan, pointed }: WithPointed) {
  const { title, unit, curves } = plan;
  const all = curves.map(({ series }) => monitor.hour.valuesOf(series));
  const length = Math.max(...all.map((values) => values.length));
  if (length === 0) return null;
  const least = MONITOR_STEPS - length;
  const place = pointed.value ?? MONITOR_STEPS - 1;
  const read = all.map((values, at) => {
    const value = values[stepOf(place, values.length)] ?? NaN;
    const text = Number.isNaN(value) ? "not known" : unit.show(value);
    return `${curves[at]!.word ?? ""} ${text}`.trim();
  });
  const none = () => pointed.value = undefined;
  return (
    <input
      type="range"
      min={least}
      max={MONITOR_STEPS - 1}
      value={place}
      aria-label={`${title}, step by step`}
      aria-valuetext={`${timeOf(monitor, plan, place)}: ${read.join(", ")}`}
      onInput={({ currentTarget }) =>
        pointed.value = Number(currentTarget.value)}
      onPointerMove={({ currentTarget, offsetX }) => {
        const share = offsetX / currentTarget.clientWidth;
        const at = Math.floor(share * MONITOR_STEPS);
        pointed.value = Math.min(Math.max(at, least), MONITOR_STEPS - 1);
      }}
      onPointerLeave={none}
      onBlur={none}
    />
  );
}

function stepOf(place: number, length: number): number {
  return place - (MONITOR_STEPS - length);
}

function timeOf(
  { hour }: Monitor,
  { curves }: ChartPlan,
  place: number,
): string {
  const { length } = hour.valuesOf(curves[0]!.series);
  return secondTime(hour.endOf(stepOf(place, length), length));
}

/** The chart in a sentence. */
function summaryOf(
  { title, unit, curves }: ChartPlan,
  all: readonly (readonly number[])[],
  { hour }: Monitor,
): string {
  const parts = all.map((values, at) => {
    const found = extremesOf(values);
    if (found === undefined) return "nothing is known yet";
    const { most, mostAt, mean } = found;
    const when = clockTime(hour.endOf(mostAt, values.length));
    const word = curves[at]!.word ?? "";
    return `${word} at most ${unit.show(most)} at ${when}, ${
      unit.show(mean)
    } on average`
      .trim();
  });
  return `${title} in the last hour: ${parts.join("; ")}.`;
}
