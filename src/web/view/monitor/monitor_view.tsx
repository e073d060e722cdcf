/** The monitor: how the server does, who is connected, its log, and what one can do about it. */
import { type Signal, useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Chat } from "../../model/chat.ts";
import { Monitor } from "../../model/monitor.ts";
import { ConnectionBar } from "../connection_bar.tsx";
import { isNarrow } from "../narrow.ts";
import { PageDialogs } from "../page_dialogs.tsx";
import { Charts } from "./charts.tsx";
import { ConnectionTable } from "./connection_table.tsx";
import { Facts } from "./facts.tsx";
import { AdminList, BanList, RoomList } from "./lists.tsx";
import { LogView } from "./log_view.tsx";
import { MonitorHeader } from "./monitor_header.tsx";
import { Refusal } from "./refusal.tsx";
import { type Section, SECTIONS, Tabs } from "./tabs.tsx";

export function MonitorView({ chat }: { chat: Chat }) {
  const monitor = useMemo(() => new Monitor(chat), [chat]);
  useEffect(() => monitor.start(), [monitor]);
  const whole = useRef<HTMLDivElement>(null);
  const close = () => chat.isMonitorOpen.value = false;
  useEffect(() => {
    whole.current?.querySelector<HTMLElement>("h1")?.focus();
    const onKey = (event: KeyboardEvent) => {
      if (isForTheMonitor(event)) close();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return (
    <div class="monitor" ref={whole}>
      <MonitorHeader monitor={monitor} onClose={close} />
      <ConnectionBar chat={chat} />
      <Content monitor={monitor} />
      <Said said={monitor.said} />
      <PageDialogs chat={chat} />
    </div>
  );
}

/** Escape closes what is before everything else: a dialog, a menu, what is looked for. */
function isForTheMonitor(event: KeyboardEvent): boolean {
  const { key, target, defaultPrevented } = event;
  if (key !== "Escape" || defaultPrevented) return false;
  if (document.querySelector("dialog[open]") !== null) return false;
  return !(target instanceof HTMLInputElement && target.type === "search" &&
    target.value !== "");
}

function Content({ monitor }: { monitor: Monitor }) {
  const section = useSignal<Section>("overview");
  const isKnown = useComputed(() => monitor.status.value !== undefined);
  if (monitor.watching.value === "refused") {
    return <Refusal monitor={monitor} />;
  }
  if (!isKnown.value) {
    return (
      <main class="monitor-body" aria-busy="true">Asking the server…</main>
    );
  }
  return isNarrow.value
    ? <Narrow monitor={monitor} section={section} />
    : (
      <main class="monitor-body" tabIndex={0}>
        {SECTIONS.map(({ id }) => (
          <SectionView key={id} monitor={monitor} section={id} />
        ))}
      </main>
    );
}

function Narrow(
  { monitor, section }: { monitor: Monitor; section: Signal<Section> },
) {
  return (
    <main class="monitor-main">
      <Tabs section={section} />
      <div
        class="monitor-body"
        role="tabpanel"
        aria-labelledby={`tab-${section.value}`}
        tabIndex={0}
      >
        <SectionView monitor={monitor} section={section.value} />
      </div>
    </main>
  );
}

function SectionView(
  { monitor, section }: { monitor: Monitor; section: Section },
) {
  switch (section) {
    case "overview":
      return (
        <section class="overview" aria-labelledby="head-overview">
          <h2 id="head-overview" class="hidden">Overview</h2>
          <Facts monitor={monitor} />
          <Charts monitor={monitor} />
        </section>
      );
    case "connections":
      return <ConnectionTable monitor={monitor} />;
    case "log":
      return <LogView monitor={monitor} />;
    case "rooms":
      return <RoomList monitor={monitor} />;
    case "bans":
      return <BanList monitor={monitor} />;
    case "admins":
      return <AdminList monitor={monitor} />;
  }
}

/** What the server answered to what was done here. */
function Said({ said }: { said: Signal<string> }) {
  return (
    <p class="monitor-said" role="status">
      {said.value !== "" && (
        <>
          <span>{said.value}</span>
          <button
            type="button"
            class="icon"
            aria-label="Dismiss"
            onClick={() => said.value = ""}
          >
            ×
          </button>
        </>
      )}
    </p>
  );
}
