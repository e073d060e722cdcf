/** Where one is, the way back, and what is done to the whole server. */
import type { Monitor } from "../../model/monitor.ts";
import { askSay, askStop } from "../../model/monitor_actions.ts";
import { Icon } from "../icon.tsx";
import { Menu } from "../menu.tsx";

export function MonitorHeader(
  { monitor, onClose }: { monitor: Monitor; onClose: () => void },
) {
  const { chat } = monitor;
  return (
    <header class="monitor-header">
      <button
        type="button"
        class="icon back"
        aria-label="Back to the chat"
        onClick={onClose}
      >
        <Icon name="back" />
      </button>
      <h1 tabIndex={-1}>Monitor</h1>
      <p class="small">{chat.serverName.value}</p>
      {monitor.watching.value === "watching" && (
        <>
          <button
            type="button"
            class="button"
            onClick={() => askSay(monitor)}
          >
            Say to all…
          </button>
          <Menu
            label="The server"
            class="icon"
            items={[
              {
                text: "Invite somebody…",
                run: () => chat.dialog.value = { kind: "invite" },
              },
              {
                text: "Stop the server…",
                isGrave: true,
                run: () => askStop(monitor),
              },
            ]}
          >
            <Icon name="more" />
          </Menu>
        </>
      )}
    </header>
  );
}
