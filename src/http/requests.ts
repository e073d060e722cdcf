/** What is there to be asked for: the files of the page, and numbers for those who may see them. */
import { createHash, timingSafeEqual } from "node:crypto";
import { type Answer, textAnswer } from "./answer.ts";
import type { PageFiles } from "./page_files.ts";

/** A request that the guard has let in. */
export interface PageRequest {
  readonly method: string;
  /** As it was sent, `?` and what follows with it. */
  readonly target: string;
  readonly encodings: string | undefined;
  readonly known: string | undefined;
  /** `Authorization`. */
  readonly authorization: string | undefined;
  /** Whether it comes from this machine. */
  readonly isLocal: boolean;
}

export interface Offered {
  readonly files: PageFiles;
  /** Numbers of the server, as Prometheus reads them. */
  readonly metrics?: () => Promise<string>;
  /** Who has it, may see them from elsewhere, too. */
  readonly metricsToken?: string;
}

/** The text form of Prometheus. */
const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
const METRICS = "/metrics";

/**
 * What a request is answered.
 *
 * @throws what making the numbers throws.
 */
export async function answerTo(
  request: PageRequest,
  offered: Offered,
): Promise<Answer> {
  const { method, target } = request;
  if (method !== "GET" && method !== "HEAD") {
    return textAnswer(405, "only GET and HEAD", { allow: "GET, HEAD" });
  }
  const path = target.split("?", 1)[0]!;
  if (path === METRICS && maySeeMetrics(request, offered)) {
    const text = await offered.metrics!();
    return textAnswer(200, text.trimEnd(), { "content-type": METRICS_TYPE });
  }
  return offered.files.answer(path, request) ?? textAnswer(404, "not found");
}

/** Whoever may not see them does not learn that they are there. */
function maySeeMetrics(
  { isLocal, authorization }: PageRequest,
  { metrics, metricsToken }: Offered,
): boolean {
  if (metrics === undefined) return false;
  return isLocal ||
    metricsToken !== undefined && isToken(authorization, metricsToken);
}

/** In a time that tells nothing of the token: digests have one length, whatever was sent. */
function isToken(authorization: string | undefined, token: string): boolean {
  const [, given] = authorization?.match(/^Bearer +(\S+) *$/i) ?? [];
  return given !== undefined &&
    timingSafeEqual(digestOf(given), digestOf(token));
}

function digestOf(text: string): Uint8Array {
  return createHash("sha256").update(text, "utf8").digest();
}
