/** The parts of the monitor: one before one on a narrow screen, all of them on a wide one. */
import type { Signal } from "@preact/signals";
import type { TargetedKeyboardEvent } from "preact";

export const SECTIONS = [
  { id: "overview", text: "Overview" },
  { id: "connections", text: "Connections" },
  { id: "log", text: "Log" },
  { id: "rooms", text: "Rooms" },
  { id: "bans", text: "Bans" },
  { id: "admins", text: "Admins" },
] as const;
export type Section = typeof SECTIONS[number]["id"];

export function Tabs({ section }: { section: Signal<Section> }) {
  const move = (event: TargetedKeyboardEvent<HTMLElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const all = SECTIONS.map(({ id }) => id);
    const at = all.indexOf(section.value) + step;
    section.value = all.at(at % all.length)!;
    document.getElementById(`tab-${section.value}`)?.focus();
  };
  return (
    <div
      class="monitor-tabs"
      role="tablist"
      aria-label="Parts of the monitor"
      onKeyDown={move}
    >
      {SECTIONS.map(({ id, text }) => (
        <button
          key={id}
          id={`tab-${id}`}
          type="button"
          role="tab"
          aria-selected={section.value === id}
          tabIndex={section.value === id ? 0 : -1}
          onClick={() => section.value = id}
        >
          {text}
        </button>
      ))}
    </div>
  );
}
