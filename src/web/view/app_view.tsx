/** The screen that the page is at. */
import type { App } from "../app.ts";
import type { PageHost } from "../page_host.ts";
import { Announcer } from "./announcer.tsx";
import { EntryView } from "./entry_view.tsx";
import { KeyView } from "./key_view.tsx";
import { ChatOrMonitor } from "./monitor/chat_or_monitor.tsx";
import { OwnBrowser } from "./own_browser.tsx";
import {
  ChangedView,
  MismatchView,
  OverView,
  UnusableView,
} from "./plain_views.tsx";
import { ServerView } from "./server_view.tsx";

interface AppProps {
  app: App;
  host: PageHost;
  /** What stood behind `#` in the address. */
  link: string;
}

export function AppView({ app, host, link }: AppProps) {
  return (
    <>
      <ScreenView app={app} link={link} />
      <OwnBrowser app={app} />
      <Announcer spoken={host.spoken} />
    </>
  );
}

function ScreenView({ app, link }: Pick<AppProps, "app" | "link">) {
  const screen = app.screen.value;
  switch (screen.kind) {
    case "starting":
      return <main class="stage" aria-busy="true" />;
    case "unusable":
      return <UnusableView app={app} why={screen.why} link={link} />;
    case "entry":
      return <EntryView app={app} screen={screen} />;
    case "server":
      return <ServerView app={app} screen={screen} />;
    case "changed":
      return <ChangedView app={app} screen={screen} />;
    case "mismatch":
      return <MismatchView app={app} screen={screen} />;
    case "key":
      return <KeyView app={app} made={screen.made} chat={screen.chat} />;
    case "chat":
      return <ChatOrMonitor chat={screen.chat} />;
    case "over":
      return <OverView text={screen.text} />;
  }
}
