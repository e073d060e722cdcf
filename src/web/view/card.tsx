/** A card in the middle of the page, on which one thing is asked or said. */
import type { ComponentChildren } from "preact";

export function Card(
  { title, children }: { title: string; children: ComponentChildren },
) {
  return (
    <main class="stage">
      <section class="card" aria-labelledby="card-title">
        <p class="brand" aria-hidden="true">confab</p>
        <h1 id="card-title">{title}</h1>
        {children}
      </section>
    </main>
  );
}

/** A fault next to what it is about; read out as soon as it is there. */
export function Fault({ id, text }: { id: string; text: string | undefined }) {
  return <p class="fault" id={id} role="alert">{text}</p>;
}
