/** Files that only their owner may read; a crash leaves the old text or the new one. */
import { dirname } from "node:path";
import { ConfabError, describeError } from "../base/errors.ts";
import { decodeUtf8 } from "../wire/text.ts";

const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;
/** Reading and writing by group and others. */
const OTHERS_MODE = 0o066;
/** The same, of writing alone. */
const WRITING_MODE = 0o022;
/** In such a directory nobody removes or renames what belongs to others. */
const STICKY_MODE = 0o1000;
/** The account that can write everything anyway. */
const ADMINISTRATOR = 0;
/** No list of servers is longer. */
const OWN_FILE_MAX_BYTES = 16 * 1_024 * 1_024;
const CHUNK_BYTES = 4_096;
/** No key is longer; it bounds what a wrong path costs. */
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
 * As {@linkcode writePrivateFile}, and what the file was before is overwritten: it held a key. (A
 * disk may keep copies all the same.)
 */
export async function replacePrivateFile(
  path: string,
  text: string,
): Promise<void> {
  // What was opened stays the old file when another takes its name.
  const options = { read: true, write: true };
  using before = await Deno.open(path, options).catch(() => undefined);
  await writePrivateFile(path, text);
  if (before !== undefined) await overwrite(before);
}

/** Overwrites and removes a file that holds a key, if there is one. */
export async function removePrivateFile(path: string): Promise<void> {
  try {
    using file = await Deno.open(path, { read: true, write: true });
    await Deno.remove(path);
    await overwrite(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  await syncDirectory(dirname(path));
}

async function overwrite(file: Deno.FsFile): Promise<void> {
  const { size } = await file.stat();
  await file.seek(0, Deno.SeekMode.Start);
  await writeAll(file, new Uint8Array(Math.min(size, MAX_BYTES)));
  await file.sync();
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += await file.write(bytes.subarray(at));
  }
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
export async function readPrivateFile(
  path: string,
  maxBytes = MAX_BYTES,
): Promise<string> {
  try {
    return await readFrom(path, OTHERS_MODE, maxBytes);
  } catch (error) {
    throw readFault(path, error);
  }
}

/**
 * The text of a file that others may read but nobody else can change.
 *
 * @throws {OpenToOthers} when somebody else can, saying what to do; what reading throws.
 */
export function readOwnFile(path: string): Promise<string> {
  return readFrom(path, WRITING_MODE, OWN_FILE_MAX_BYTES);
}

/**
 * The text of a file that somebody named, whoever else can read or change it: `openness` says so
 * of one that is to be private, and what to do.
 *
 * @throws {ConfabError} `key-file`, naming the path.
 */
export async function readNamedFile(
  path: string,
): Promise<{ readonly text: string; readonly openness?: string }> {
  try {
    const text = await readFrom(path, OTHERS_MODE, MAX_BYTES);
    return { text };
  } catch (error) {
    if (!(error instanceof OpenToOthers)) throw readFault(path, error);
    return {
      text: await readFrom(path, "anybody's", MAX_BYTES).catch((fault) => {
        throw readFault(path, fault);
      }),
      openness: `${path}: ${error.message}`,
    };
  }
}

/** Others could have written what a file holds, or could read its secret. */
export class OpenToOthers extends Error {}

function readFault(path: string, error: unknown): ConfabError {
  if (error instanceof ConfabError) return error;
  if (error instanceof OpenToOthers) return keyFileFault(path, error.message);
  return keyFileFault(path, reasonOf(error), error);
}

/** `forbidden`: what its mode may not have, unless it may be anybody's. */
async function readFrom(
  path: string,
  forbidden: number | "anybody's",
  maxBytes: number,
): Promise<string> {
  if (forbidden !== "anybody's") await judgeDirectories(path);
  using file = await Deno.open(path, { read: true });
  // The open file is asked, not the path: nobody can exchange it in between.
  const info = await file.stat();
  if (info.isDirectory) {
    throw keyFileFault(path, "is a directory, a file is expected");
  }
  if (forbidden !== "anybody's") judge(path, info, forbidden);
  return decodeUtf8(await readBounded(path, file, maxBytes));
}

/**
 * Whoever can write a directory can put another file in the place of one; where there is a link,
 * that goes for the link and for what it leads to. A sticky directory (`/tmp`) keeps others from it.
 */
async function judgeDirectories(path: string): Promise<void> {
  const target = await Deno.realPath(path).catch(() => path);
  for (const directory of new Set([dirname(path), dirname(target)])) {
    const info = await Deno.stat(directory).catch(() => undefined);
    const isSticky = ((info?.mode ?? 0) & STICKY_MODE) !== 0;
    if (info !== undefined && !isSticky) judge(directory, info, WRITING_MODE);
  }
}

/** Where files have modes and owners: throws if the mode has what is forbidden, or another owns it. */
function judge(path: string, info: Deno.FileInfo, forbidden: number): void {
  if (Deno.build.os === "windows") return;
  if (((info.mode ?? 0) & forbidden) !== 0) {
    if (info.isDirectory) {
      throw new OpenToOthers(
        `others can write its directory; run: chmod go-w ${path}`,
      );
    }
    throw new OpenToOthers(
      forbidden === OTHERS_MODE
        ? `is open to others; run: chmod 600 ${path}`
        : `others can write it; look at what it holds, and run: chmod go-w ${path}`,
    );
  }
  const own = ownUser();
  if (own === undefined || info.uid === null) return;
  if (info.uid === own || info.uid === ADMINISTRATOR) return;
  const what = info.isDirectory ? "its directory belongs" : "belongs";
  throw new OpenToOthers(
    `${what} to another account (${info.uid}); run: chown ${own} ${path}`,
  );
}

/** The number of this account, where it can be told. */
function ownUser(): number | undefined {
  try {
    return Deno.uid() ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * Keeps two programs from reading the same and undoing each other's change, until it is disposed
 * of. The lock is the operating system's, so it ends with its process, and on a file of its own
 * (`.lock`), which no rename replaces.
 */
export async function lockPrivateFile(path: string): Promise<Disposable> {
  await makePrivateParent(path);
  const options = { write: true, create: true, mode: FILE_MODE };
  const file = await Deno.open(`${path}.lock`, options);
  try {
    await file.lock(true);
  } catch {
    // Some network file systems have no locks. There two programs may undo each other's change.
  }
  return file;
}

/** Makes the directory of `path`, for its owner only, when there is none. */
async function makePrivateParent(path: string): Promise<void> {
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
    await writeAll(file, new TextEncoder().encode(text));
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

async function readBounded(
  path: string,
  file: Deno.FsFile,
  maxBytes: number,
): Promise<Uint8Array> {
  let buffer = new Uint8Array(CHUNK_BYTES);
  let length = 0;
  while (length <= maxBytes) {
    if (length === buffer.length) {
      const longer = new Uint8Array(2 * length);
      longer.set(buffer);
      buffer = longer;
    }
    const count = await file.read(buffer.subarray(length));
    if (count === null) return buffer.subarray(0, length);
    length += count;
  }
  throw keyFileFault(
    path,
    `is longer than ${maxBytes} bytes, which no such file is`,
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
