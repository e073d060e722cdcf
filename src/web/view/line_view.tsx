/** One line of a timeline. */
import { useComputed } from "@preact/signals";
import { describeComings } from "../../text/comings.ts";
import { fillGap } from "../model/journal.ts";
import type { GapLine, Line, NoteLine } from "../model/line.ts";
import { Icon } from "./icon.tsx";
import type { LogContext } from "./log_context.ts";
import { SaidView } from "./said_view.tsx";

export interface LineProps {
  log: LogContext;
  line: Line;
  /** The day that begins with it. */
  day: string | undefined;
  /** What was not read yet begins with it. */
  isFirstNew: boolean;
  /** It belongs to the message above, of the same author. */
  isGrouped: boolean;
}

/** Always one element, since its height is measured; one that is hidden has none. */
export function LineView({ log, line, day, isFirstNew, isGrouped }: LineProps) {
  const isHidden = useComputed(() =>
    line.kind === "coming" && log.chat.settings.value.coming === "hidden"
  );
  const isSought = useComputed(() => log.sought.value === line.key);
  if (isHidden.value && day === undefined && !isFirstNew) return <li hidden />;
  const look = isSought.value ? "line sought" : "line";
  return (
    <li
      class={look}
      data-key={line.key}
      tabIndex={line.kind === "said" ? -1 : undefined}
    >
      {day !== undefined && <p class="rule day">{day}</p>}
      {isFirstNew && <p class="rule new">New</p>}
      {!isHidden.value && <Body log={log} line={line} isGrouped={isGrouped} />}
    </li>
  );
}

function Body(
  { log, line, isGrouped }: Pick<LineProps, "log" | "line" | "isGrouped">,
) {
  switch (line.kind) {
    case "said":
      return <SaidView log={log} line={line} isGrouped={isGrouped} />;
    case "gone":
      return <p class="happened">This message was deleted.</p>;
    case "happened":
      return <p class="happened">{line.text}</p>;
    case "coming":
      return <p class="happened">{describeComings(line.comings)}</p>;
    case "note":
      return <Note log={log} line={line} />;
    case "gap":
      return <Gap log={log} line={line} />;
  }
}

function Note({ log, line }: { log: LogContext; line: NoteLine }) {
  const { text, tone, commands, key } = line;
  return (
    <div class={`note ${tone}`}>
      {commands === undefined ? <p>{text}</p> : (
        <table>
          <tbody>
            {commands.map((row) => (
              <tr key={row.name}>
                <th scope="row">{`/${row.name} ${row.args}`.trimEnd()}</th>
                <td>{row.text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <button
        type="button"
        class="icon"
        aria-label="Take this note away"
        onClick={() => log.place.live.dismiss(key)}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

function Gap({ log, line }: { log: LogContext; line: GapLine }) {
  const { chat, place } = log;
  const { isLoading, fault } = place.live;
  const count = line.to - line.from + 1;
  return (
    <p class="gap">
      {count === 1 ? "1 message is" : `${count} messages are`} missing here.
      {" "}
      <button
        type="button"
        class="button quiet"
        disabled={isLoading.value}
        onClick={() => fillGap(chat, place, line)}
      >
        {isLoading.value ? "Loading…" : "Load them"}
      </button>
      {fault.value !== "" && <span role="alert">{fault.value}</span>}
    </p>
  );
}
