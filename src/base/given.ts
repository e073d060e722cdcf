/** Fields that may be missing are left out where they have no value, not said to be `undefined`. */

/** Those of the fields that have a value, to be spread. */
export function given<T extends object>(
  fields: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields);
  return Object.fromEntries(
    entries.filter(([, value]) => value !== undefined),
  ) as T;
}
