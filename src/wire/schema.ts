/**
 * Shapes of JSON messages: tables of fields, by which a value is read into a new object with just
 * those fields, canonical. The types of the messages are inferred from the same tables.
 */

/** How one field is read: `take` gives the canonical value, `undefined` when it is not `what`. */
export interface Field<T> {
  readonly what: string;
  readonly isOptional?: true;
  take(value: unknown): T | undefined;
}

type OptionalField<T> = Field<T> & { readonly isOptional: true };

export type Shape = Readonly<Record<string, Field<unknown>>>;

type TypeOf<F> = F extends Field<infer T> ? T : never;
type OptionalKeys<S extends Shape> = {
  [K in keyof S]: S[K] extends OptionalField<unknown> ? K : never;
}[keyof S];

/** The object that a shape reads. */
export type Read<S extends Shape> =
  & { -readonly [K in Exclude<keyof S, OptionalKeys<S>>]: TypeOf<S[K]> }
  & { -readonly [K in OptionalKeys<S>]?: TypeOf<S[K]> };

/** What is wrong with a value: the field, and what it has to be. */
export interface Fault {
  readonly field: string;
  readonly what: string;
}

/** Reads `value` by `shape`, which ignores other fields; the first fault ends the reading. */
export function readShape<S extends Shape>(
  shape: S,
  value: object,
): Read<S> | { fault: Fault } {
  const read: Record<string, unknown> = {};
  for (const name in shape) {
    const field = shape[name]!;
    const given = (value as Record<string, unknown>)[name];
    if (given === undefined && field.isOptional) continue;
    const taken = Object.hasOwn(value, name) ? field.take(given) : undefined;
    if (taken === undefined) {
      return { fault: { field: name, what: field.what } };
    }
    read[name] = taken;
  }
  return read as Read<S>;
}

/** A well-formed string (no lone surrogate), made canonical by `clean`, then judged by `fits`. */
export function string(
  what: string,
  clean: (text: string) => string = (text) => text,
  fits: (text: string) => boolean = () => true,
): Field<string> {
  return {
    what,
    take(value) {
      if (typeof value !== "string" || !value.isWellFormed()) return undefined;
      const text = clean(value);
      return fits(text) ? text : undefined;
    },
  };
}

/** A value that is taken as it is, where `fits` says so. */
export function value<T>(
  what: string,
  fits: (value: unknown) => boolean,
): Field<T> {
  return { what, take: (value) => fits(value) ? value as T : undefined };
}

/** A whole number from `min` to `max`. */
export function integer(
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
): Field<number> {
  return value(`a whole number from ${min} to ${max}`, (value) => {
    return Number.isSafeInteger(value) && value as number >= min &&
      value as number <= max;
  });
}

/** A whole number, made one from `min` to `max` of any number: JSON has some that are infinite. */
export function clamped(what: string, min: number, max: number): Field<number> {
  return {
    what,
    take(value) {
      if (typeof value !== "number" || Number.isNaN(value)) return undefined;
      return Math.trunc(Math.min(Math.max(value, min), max));
    },
  };
}

/** Any finite number. */
export const number: Field<number> = value("a number", Number.isFinite);

export const boolean: Field<boolean> = value("true or false", (value) => {
  return typeof value === "boolean";
});

/** A field that may be missing. */
export function optional<T>(field: Field<T>): OptionalField<T> {
  return { ...field, isOptional: true };
}

/** An object of a shape. */
export function object<S extends Shape>(
  what: string,
  shape: S,
): Field<Read<S>> {
  return {
    what,
    take(value) {
      if (!isObject(value)) return undefined;
      const read = readShape(shape, value);
      return isFault(read) ? undefined : read as Read<S>;
    },
  };
}

/** An array of at most `max` items. */
export function array<T>(item: Field<T>, max: number): Field<T[]> {
  return {
    what: `a list of at most ${max}, each ${item.what}`,
    take(value) {
      if (!Array.isArray(value) || value.length > max) return undefined;
      const items: T[] = [];
      for (const given of value) {
        const taken = item.take(given);
        if (taken === undefined) return undefined;
        items.push(taken);
      }
      return items;
    },
  };
}

/** Names that are given by programs. */
const MEMBER = /^[a-z][a-z0-9]{0,63}$/i;

/** An object of at most `max` members of the same kind, whose names are no shape's. */
export function dictionary<T>(
  item: Field<T>,
  max: number,
): Field<Record<string, T>> {
  return {
    what: `an object of at most ${max} members, each ${item.what}`,
    take(value) {
      if (!isObject(value)) return undefined;
      const names = Object.keys(value);
      if (names.length > max) return undefined;
      const read: Record<string, T> = {};
      for (const name of names) {
        const taken = item.take(value[name]);
        if (!MEMBER.test(name) || taken === undefined) return undefined;
        read[name] = taken;
      }
      return read;
    },
  };
}

/** One of some words. */
export function oneOf<W extends string>(words: readonly W[]): Field<W> {
  return value(words.join(" or "), (value) => words.includes(value as W));
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether {@linkcode readShape} found a fault. */
export function isFault(read: object): read is { fault: Fault } {
  return "fault" in read;
}
