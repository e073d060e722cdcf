/** Small drawings, in the colour of the text around them. What they mean is said beside them. */

/** Paths on a ground of 24 by 24, drawn in strokes. */
const PATHS = {
  menu: "M4 7h16M4 12h16M4 17h16",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.5c2 .8 3.2 2.6 3.5 5.5",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5 20.5 20.5",
  smile:
    "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8.5 14.5c2 2.3 5 2.3 7 0M9 9.5v.01M15 9.5v.01",
  send: "M4 12h14M12.5 6l6 6-6 6",
  back: "M19 12H5M11 5.5 4.5 12l6.5 6.5",
  close: "M6 6l12 12M18 6 6 18",
  plus: "M12 5v14M5 12h14",
  gear:
    "M12 15.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM12 2.5v3M12 18.5v3M2.5 12h3M18.5 12h3M5.3 5.3l2.1 2.1M16.6 16.6l2.1 2.1M5.3 18.7l2.1-2.1M16.6 7.4l2.1-2.1",
  down: "M12 5v13M6 12.5l6 6 6-6",
  more: "M5 11.5h1v1H5ZM11.5 11.5h1v1h-1ZM18 11.5h1v1h-1Z",
  copy: "M9 9h11v11H9ZM15 9V4H4v11h5",
  reply: "M10 6 4 12l6 6M4 12h10c3.5 0 5.5 2 6 6",
  trash: "M4.5 7h15M9 7V4.5h6V7M6.5 7l1 13h9l1-13M10 11v5M14 11v5",
  lock: "M6.5 11h11v9h-11ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  check: "M5 12.5l4.5 4.5L19 7.5",
  warn: "M12 4 2.5 20h19ZM12 10v4.5M12 17.5v.01",
  pulse: "M3 12h4l2.5-6 4 12 2.5-6h5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="drawing" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
