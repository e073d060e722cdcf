/** A card in the middle of the page, on which one thing is asked or said. */
import type { ComponentChildren, TargetedSubmitEvent } from "preact";
import { useEffect, useRef } from "preact/hooks";

export function Card(
  { title, children }: { title: string; children: ComponentChildren },
) {
  const heading = useRef<HTMLHeadingElement>(null);
  // Whoever cannot see that the screen is another, hears it; a field may take the focus after it.
  useEffect(() => {
    const isTaken = heading.current!.closest(".card")!
      .contains(document.activeElement);
    if (!isTaken) heading.current!.focus();
  }, [title]);
  return (
    <main class="stage">
      <section class="card" aria-labelledby="card-title">
        <p class="brand" aria-hidden="true">confab</p>
        <h1 id="card-title" ref={heading} tabIndex={-1}>{title}</h1>
        {children}
      </section>
    </main>
  );
}

/** A fault next to what it is about; read out as soon as it is there. */
export function Fault({ id, text }: { id: string; text: string | undefined }) {
  return <p class="fault" id={id} role="alert">{text}</p>;
}

/** The name to which a password belongs, for whatever manages passwords. */
export function UserName({ name }: { name: string }) {
  return (
    <input
      hidden
      readOnly
      type="text"
      autocomplete="username"
      value={name}
    />
  );
}

/** A sentence with the one thing in it that is to be typed elsewhere. */
export function Typed({ children }: { children: ComponentChildren }) {
  return <code class="typed">{children}</code>;
}

/** Takes the fields of a form, as they were typed. */
export function taking(
  take: (of: (name: string) => string) => void,
): (event: TargetedSubmitEvent<HTMLFormElement>) => void {
  return (event) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    take((name) => String(data.get(name) ?? ""));
  };
}
