/** The file of `--config`: one object, in JSON, or in YAML where its name says so. */
import { describeError, UsageError } from "../base/errors.ts";

/** Gives what a text of YAML holds; throws an error whose message ends in the place. */
export type ParseYaml = (text: string, options: { schema: "core" }) => unknown;

interface ConfigSources {
  readonly readText: (path: string) => string;
  readonly parseYaml?: ParseYaml;
}

/** What a file holds, and where: for errors. */
interface ConfigFile {
  readonly form: "YAML" | "JSON";
  readonly entries: readonly [string, unknown][];
  /** The file, and the line of a key where that can be told. */
  readonly placeOf: (key: string) => string;
}

/** Whether a path names a file of YAML. */
export function isYamlPath(path: string): boolean {
  return /\.ya?ml$/i.test(path);
}

/** @throws {UsageError} that names the file, and what is wrong with it. */
export function readConfigFile(
  path: string,
  { readText, parseYaml }: ConfigSources,
): ConfigFile {
  const text = textOf(path, readText).replace(/^\ufeff/, "");
  const isYaml = parseYaml !== undefined && isYamlPath(path);
  const value = isYaml ? yamlOf(path, text, parseYaml) : jsonOf(path, text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const form = isYaml ? "lines like port: 5001" : "one JSON object";
    throw new UsageError(`${path}: must be ${form}`);
  }
  return {
    form: isYaml ? "YAML" : "JSON",
    entries: Object.entries(value),
    placeOf: (key) => isYaml ? `${path}${lineOf(text, key)}` : path,
  };
}

function textOf(path: string, readText: (path: string) => string): string {
  try {
    return readText(path);
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : `cannot be read: ${describeError(error)}`;
    throw new UsageError(`${path}: ${reason}`);
  }
}

// Of what a parser says only the place is repeated: the rest may quote a secret.

function jsonOf(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const place = describeError(error).match(/line \d+ column \d+/)?.[0];
    const where = place === undefined ? "" : ` (${place})`;
    throw new UsageError(`${path}: is not JSON${where}`);
  }
}

function yamlOf(path: string, text: string, parseYaml: ParseYaml): unknown {
  try {
    // One in which all is commented out says nothing, and that is fine.
    return parseYaml(text, { schema: "core" }) ?? {};
  } catch (error) {
    const message = describeError(error);
    const [, line, column] = /at line (\d+), column (\d+)/.exec(message) ?? [];
    const where = line === undefined ? "" : `:${line}`;
    const what = message.includes("duplicated key")
      ? "this key is there twice: remove one"
      : `is not YAML (column ${column ?? 1}): look at the indentation, ` +
        "colons and quotes there";
    throw new UsageError(`${path}${where}: ${what}`);
  }
}

/** `:3` for a key in the third line, where a key of the whole file begins a line. */
function lineOf(text: string, key: string): string {
  const forms = [key, `"${key}"`, `'${key}'`];
  const at = text.split("\n").findIndex((line) => {
    const form = forms.find((form) => line.startsWith(form));
    return form !== undefined &&
      line.slice(form.length).trimStart().startsWith(":");
  });
  return at === -1 ? "" : `:${at + 1}`;
}
