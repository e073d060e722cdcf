/** The files of the page as they are answered: by path, compressed or not. */
import { brotliDecompressSync } from "node:zlib";
import { decodeBase64 } from "@std/encoding/base64";
import { cacheControl } from "./headers.ts";
import type { PageFile } from "./page/page_file.ts";
import type { Answer } from "./answer.ts";

/** What a request says of what it can take. */
export interface Wanted {
  /** `Accept-Encoding`. */
  readonly encodings: string | undefined;
  /** `If-None-Match`. */
  readonly known: string | undefined;
}

/** A file whose content is made when it is first asked for: both forms are kept. */
class ServedFile {
  readonly #file: PageFile;
  #brotli: Uint8Array | undefined;
  #plain: Uint8Array | undefined;

  constructor(file: PageFile) {
    this.#file = file;
  }

  answer({ encodings, known }: Wanted): Answer {
    const { path, type } = this.#file;
    // Both forms have the same: it is weak (RFC 9110, section 8.8.3).
    const etag = `W/${this.#file.etag}`;
    const headers = {
      "etag": etag,
      "cache-control": cacheControl(path),
      "vary": "accept-encoding",
    };
    if (isKnown(etag, known)) return { status: 304, headers };
    const content = { ...headers, "content-type": type };
    if (!takesBrotli(encodings)) {
      return { status: 200, headers: content, body: this.#plainBody() };
    }
    return {
      status: 200,
      headers: { ...content, "content-encoding": "br" },
      body: this.#brotliBody(),
    };
  }

  #brotliBody(): Uint8Array {
    return this.#brotli ??= decodeBase64(this.#file.brotli);
  }

  #plainBody(): Uint8Array {
    return this.#plain ??= brotliDecompressSync(this.#brotliBody());
  }
}

export class PageFiles {
  readonly #files: ReadonlyMap<string, ServedFile>;

  constructor(files: readonly PageFile[]) {
    this.#files = new Map(
      files.map((file) => [file.path, new ServedFile(file)]),
    );
  }

  /** The answer for a path, if there is a file of just that path. */
  answer(path: string, wanted: Wanted): Answer | undefined {
    return this.#files.get(path)?.answer(wanted);
  }
}

/** RFC 9110, section 13.1.2: a list of tags, or `*`, compared without what says that they are weak. */
function isKnown(etag: string, known: string | undefined): boolean {
  if (known === undefined) return false;
  const bare = etag.replace(/^W\//, "");
  return known.split(",").map((tag) => tag.trim())
    .some((tag) => tag === "*" || tag.replace(/^W\//, "") === bare);
}

/** RFC 9110, section 12.5.3: whether Brotli is named, or all are, and not with `q=0`. */
function takesBrotli(encodings: string | undefined): boolean {
  if (encodings === undefined) return false;
  const quality = new Map(
    encodings.toLowerCase().split(",").map((one) => {
      const [name, ...parameters] = one.split(";").map((part) => part.trim());
      const q = parameters.find((parameter) => parameter.startsWith("q="));
      return [name!, q === undefined ? 1 : Number(q.slice(2))];
    }),
  );
  return (quality.get("br") ?? quality.get("*") ?? 0) > 0;
}
