/** The files of the page as they are answered: by path, compressed or not. */
import { brotliDecompressSync, gzipSync } from "node:zlib";
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

type Form = "br" | "gzip" | "identity";

/** A file whose content is made when it is first asked for: each form is kept. */
class ServedFile {
  readonly #file: PageFile;
  readonly #bodies = new Map<Form, Uint8Array>();

  constructor(file: PageFile) {
    this.#file = file;
  }

  answer({ encodings, known }: Wanted): Answer {
    const { path, type } = this.#file;
    // All forms have the same: it is weak (RFC 9110, section 8.8.3).
    const etag = `W/${this.#file.etag}`;
    const headers = {
      "etag": etag,
      "cache-control": cacheControl(path),
      "vary": "accept-encoding",
    };
    if (isKnown(etag, known)) return { status: 304, headers };
    const form = formFor(encodings);
    return {
      status: 200,
      headers: {
        ...headers,
        "content-type": type,
        ...form === "identity" ? {} : { "content-encoding": form },
      },
      body: this.#body(form),
    };
  }

  #body(form: Form): Uint8Array {
    const made = this.#bodies.get(form) ?? this.#make(form);
    this.#bodies.set(form, made);
    return made;
  }

  /** Browsers take Brotli only where nobody on the way could change it. */
  #make(form: Form): Uint8Array {
    switch (form) {
      case "br":
        return decodeBase64(this.#file.brotli);
      case "gzip":
        return gzipSync(this.#body("identity"));
      case "identity":
        return brotliDecompressSync(this.#body("br"));
    }
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

/** RFC 9110, section 12.5.3: the smallest that is named, or all are, and not with `q=0`. */
function formFor(encodings: string | undefined): Form {
  if (encodings === undefined) return "identity";
  const quality = new Map(
    encodings.toLowerCase().split(",").map((one) => {
      const [name, ...parameters] = one.split(";").map((part) => part.trim());
      const q = parameters.find((parameter) => parameter.startsWith("q="));
      return [name!, q === undefined ? 1 : Number(q.slice(2))];
    }),
  );
  const takes = (form: Form) =>
    (quality.get(form) ?? quality.get("*") ?? 0) > 0;
  return takes("br") ? "br" : takes("gzip") ? "gzip" : "identity";
}
