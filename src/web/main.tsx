/** The page: what it is put together of. */
import "@preact/signals";
import { render } from "preact";
import { App } from "./app.ts";
import { readArrival } from "./link.ts";
import { PageHost } from "./page_host.ts";
import { AppView } from "./view/app_view.tsx";

const arrival = readArrival(new URL(location.href));
// What lets somebody in does not stay in the address, where others may see it.
if (arrival.invite !== undefined) history.replaceState(null, "", "/");

const host = new PageHost();
const app = new App(arrival, host, new URL(location.origin));
host.follow(app);
render(<AppView app={app} host={host} />, document.getElementById("app")!);
void app.start();
