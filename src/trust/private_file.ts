/** Files that only their owner may read; a crash leaves the old text or the new one. */
import { dirname } from "node:path";
import { ConfabError, describeError } from "../base/errors.ts";
import { decodeUtf8 } from "../wire/text.ts";

const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;
/** Reading and writing by group and others. */
const OTHERS_MODE = 0o066;
/** No file of this kind is longer; it bounds what a wrong path costs. */
const MAX_BYTES = 64 * 1_024;

/** Writes the file whole, in the place of one that is there. Makes the directory, too. */
export async function writePrivateFile(
  path: string,
  text: string,
): Promise<void> {
  // A link stays one: people keep such files elsewhere and link to them.
  const target = await Deno.realPath(path).catch(() => path);
  const temporary = await writeTemporary(target, text);
  try {
    await Deno.rename(temporary, target);
  } catch (error) {
    await Deno.remove(temporary);
    throw error;
  }
  await syncDirectory(dirname(target));
}

/**
 * Writes the file whole if there is none at `path`, and says whether it did: of several processes
 * that create it at once, one does. What is there is never touched. `link` makes a hard link.
 */
export async function createPrivateFile(
  path: string,
  text: string,
  link = Deno.link,
): Promise<boolean> {
  const temporary = await writeTemporary(path, text);
  try {
    // A hard link, unlike a rename, fails when the name is taken.
    await link(temporary, path).catch((error) => {
      if (error instanceof Deno.errors.AlreadyExists) throw error;
      // FAT and some network file systems have no links. There the name is taken first and filled
      // next. A crash between the two leaves a damaged file, which is reported and never replaced.
      return writeNew(path, text);
    });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  } finally {
    await Deno.remove(temporary);
  }
  await syncDirectory(dirname(path));
  return true;
}

/**
 * The text of a file that nobody else can read or write (where files have modes).
 *
 * @throws {ConfabError} `key-file`, naming the path and what to do; its `cause` is
 * `Deno.errors.NotFound` when there is no such file.
 */
export async function readPrivateFile(path: string): Promise<string> {
  try {
    using file = await Deno.open(path, { read: true });
    // The open file is asked, not the path: nobody can exchange it in between.
    const info = await file.stat();
    if (info.isDirectory) {
      throw keyFileFault(path, "is a directory, a file is expected");
    }
    const isOpen = ((info.mode ?? 0) & OTHERS_MODE) !== 0;
    if (isOpen && Deno.build.os !== "windows") {
      throw keyFileFault(path, `is open to others; run: chmod 600 ${path}`);
    }
    return decodeUtf8(await readBounded(path, file));
  } catch (error) {
    if (error instanceof ConfabError) throw error;
    throw keyFileFault(path, reasonOf(error), error);
  }
}

/** Makes the directory of `path`, for its owner only, when there is none. */
export async function makePrivateParent(path: string): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true, mode: DIRECTORY_MODE });
}

/** A new file beside `path`, as a rename must stay within a file system, whole and on the disk. */
async function writeTemporary(path: string, text: string): Promise<string> {
  await makePrivateParent(path);
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  await writeNew(temporary, text);
  return temporary;
}

/** Creates the file with its mode from the first moment on; it goes when it cannot be filled. */
async function writeNew(path: string, text: string): Promise<void> {
  const options = { write: true, createNew: true, mode: FILE_MODE };
  using file = await Deno.open(path, options);
  try {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length;) {
      at += await file.write(bytes.subarray(at));
    }
    await file.sync();
  } catch (error) {
    await Deno.remove(path);
    throw error;
  }
}

/** A new name survives a power cut only when its directory was synced, too. */
async function syncDirectory(path: string): Promise<void> {
  try {
    using directory = await Deno.open(path, { read: true });
    await directory.sync();
  } catch {
    // Windows, and some file systems, cannot sync a directory.
  }
}

async function readBounded(path: string, file: Deno.FsFile) {
  const buffer = new Uint8Array(MAX_BYTES + 1);
  let length = 0;
  while (length < buffer.length) {
    const count = await file.read(buffer.subarray(length));
    if (count === null) return buffer.subarray(0, length);
    length += count;
  }
  throw keyFileFault(
    path,
    `is longer than ${MAX_BYTES} bytes, which no key is`,
  );
}

function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  if (error instanceof Deno.errors.PermissionDenied) {
    return "this account may not read it; check its owner and mode";
  }
  if (error instanceof TypeError) return "is not text";
  return `cannot be read: ${describeError(error)}`;
}

/** An error `key-file`, whose message names the path. */
export function keyFileFault(path: string, reason: string, cause?: unknown) {
  return new ConfabError("key-file", `${path}: ${reason}`, { cause });
}
