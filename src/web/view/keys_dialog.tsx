/** The keys of the page, shown. */
import { Dialog } from "./dialog.tsx";
import { KEYS, shownKeys } from "./keys.ts";

export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" size="wide" onClose={onClose}>
      <div class="keys">
        {KEYS.map(({ title, rows }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {rows.map((row) => (
                <div key={row.chord}>
                  <dt>
                    {shownKeys(row).map((key) => <kbd key={key}>{key}</kbd>)}
                  </dt>
                  <dd>{row.text}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
