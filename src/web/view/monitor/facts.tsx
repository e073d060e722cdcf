/** What the server is, and how it stands with its people and its disk. */
import { useComputed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { wordsOfFingerprint } from "../../../secure/fingerprint.ts";
import { bytesText, numberText, spanText } from "../../../text/quantities.ts";
import { dayAndTime } from "../../../text/render.ts";
import { isFingerprint } from "../../../wire/fingerprint_text.ts";
import type { ServerFacts } from "../../../wire/watched.ts";
import type { Monitor } from "../../model/monitor.ts";

/** Counted now: the number, and what one and several are called. */
const COUNTS = [
  ["people", "person", "people"],
  ["guests", "guest", "guests"],
  ["connections", "connection", "connections"],
  ["rooms", "room", "rooms"],
  ["behind", "behind", "behind"],
] as const;

export function Facts({ monitor }: { monitor: Monitor }) {
  // What the server is does not change from one second to the next.
  const server = useComputed(() => {
    const { server } = monitor.status.value ?? {};
    return server === undefined ? "" : JSON.stringify(server);
  });
  if (server.value === "") return null;
  const facts: ServerFacts = JSON.parse(server.value);
  return (
    <>
      <Trouble monitor={monitor} />
      <dl class="monitor-facts">
        <Fact name="Running for">
          <Uptime monitor={monitor} since={facts.since} />
          <span class="small">since {dayAndTime(facts.since)}</span>
        </Fact>
        <Fact name="Here now">
          <Counts monitor={monitor} />
        </Fact>
        <Fact name="Disk">
          <Disk monitor={monitor} />
        </Fact>
        <Fact name="Address">
          {facts.address === "" ? "does not listen" : facts.address}
          <span class="small">
            version {facts.version}, durability {facts.durability}
          </span>
        </Fact>
        <Fact name="Fingerprint">
          <Fingerprint text={facts.fingerprint} />
        </Fact>
      </dl>
    </>
  );
}

function Fact(
  { name, children }: { name: string; children: ComponentChildren },
) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Uptime({ monitor, since }: { monitor: Monitor; since: number }) {
  const text = useComputed(() =>
    spanText((monitor.status.value?.at ?? 0) - since)
  );
  return <span class="figure">{text}</span>;
}

function Counts({ monitor }: { monitor: Monitor }) {
  const { numbers } = monitor.status.value!;
  return (
    <span class="counts">
      {COUNTS.map(([name, one, several]) => {
        const number = numbers[name] ?? 0;
        const isBad = name === "behind" && number > 0;
        return (
          <span key={name} class={isBad ? "bad" : ""}>
            <span class="figure">{numberText(number)}</span>{" "}
            {number === 1 ? one : several}
          </span>
        );
      })}
    </span>
  );
}

function Disk({ monitor }: { monitor: Monitor }) {
  const { diskUsedBytes = 0, diskFreeBytes, diskLimitBytes } =
    monitor.status.value!.numbers;
  const free = diskFreeBytes === undefined
    ? ""
    : `${bytesText(diskFreeBytes)} free`;
  const limit = diskLimitBytes === undefined
    ? ""
    : `limit ${bytesText(diskLimitBytes)}`;
  // Of what it may take, or of what there is.
  const whole = diskLimitBytes ??
    (diskFreeBytes === undefined ? undefined : diskFreeBytes + diskUsedBytes);
  return (
    <>
      <span class="figure">{bytesText(diskUsedBytes)}</span> used
      {whole !== undefined && (
        <progress
          aria-label="Disk used"
          max={Math.max(whole, 1)}
          value={Math.min(diskUsedBytes, whole)}
        />
      )}
      <span class="small">
        {[free, limit].filter((text) => text !== "").join(", ")}
      </span>
    </>
  );
}

function Fingerprint({ text }: { text: string }) {
  if (!isFingerprint(text)) return <span class="mono">{text}</span>;
  return (
    <>
      {wordsOfFingerprint(text)}
      <span class="small mono">{text}</span>
    </>
  );
}

/** Nothing new is stored: everybody should know. */
function Trouble({ monitor }: { monitor: Monitor }) {
  const isFull = useComputed(() => monitor.status.value?.numbers.isFull === 1);
  if (!isFull.value) return null;
  return (
    <p class="alarm" role="alert">
      The server is full: nothing new is taken until there is space.
    </p>
  );
}
