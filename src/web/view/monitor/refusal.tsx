/** Why one may not watch the server, and what to do about it. */
import type { Monitor } from "../../model/monitor.ts";
import { Copy } from "../words.tsx";

export function Refusal({ monitor }: { monitor: Monitor }) {
  const { code, text } = monitor.fault.value ?? { code: "", text: "" };
  const key = monitor.chat.key.value;
  const isStranger = code === "not-allowed";
  return (
    <main class="monitor-body">
      <section class="monitor-refusal">
        <h2>
          {isStranger
            ? "The monitor is for administrators"
            : "The server cannot be watched now"}
        </h2>
        {isStranger
          ? (
            <>
              <p>
                An administrator is known by their key. Whoever runs the server
                makes you one: by starting it with <code>--admin</code>{" "}
                and your key, or with{" "}
                <code>--admin-link</code>, which prints a link that you open
                here.
              </p>
              {key === undefined
                ? <p>You have no key: you are here as a guest.</p>
                : (
                  <>
                    <p class="mono">{key}</p>
                    <Copy text={key}>Copy my key</Copy>
                  </>
                )}
            </>
          )
          : <p role="alert">{text}</p>}
        <p>
          <button
            type="button"
            class="button"
            onClick={() => monitor.again()}
          >
            Try again
          </button>
        </p>
      </section>
    </main>
  );
}
