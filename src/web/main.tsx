/** The page: what it is put together of. */
import "@preact/signals";
import { render } from "preact";
import { App } from "./app.ts";
import { type Arrival, MONITOR_HASH, readArrival } from "./link.ts";
import { PageHost } from "./page_host.ts";
import { AppView } from "./view/app_view.tsx";

/** What the address says; it is not left there, where others may see what lets somebody in. */
function takeArrival(): Arrival {
  const arrival = readArrival(location);
  if (hasArrival()) history.replaceState(null, "", location.pathname);
  return arrival;
}

function hasArrival(): boolean {
  return location.hash !== "" && location.hash !== MONITOR_HASH;
}

const link = location.hash;
const host = new PageHost();
const app = new App(takeArrival(), host, new URL(location.origin));
globalThis.addEventListener("hashchange", () => {
  if (hasArrival()) void app.arrive(takeArrival());
});
host.follow(app);
render(
  <AppView app={app} host={host} link={link} />,
  document.getElementById("app")!,
);
void app.start();
