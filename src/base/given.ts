/** Fields that may be missing are left out where they have no value, not said to be `undefined`. */

/** Those of the fields that have a value, to be spread. */
export function given<T extends object>(
  fields: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const some: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const name in fields) {
    const value = fields[name];
    if (value !== undefined) some[name] = value as typeof some[typeof name];
  }
  return some;
}
