/** A file of the page, as the build makes it. */
export interface PageFile {
  /** From the root: `/`, `/app.HASH.js`. */
  readonly path: string;
  /** Its MIME type. */
  readonly type: string;
  /** Its content, compressed by Brotli, in base64. */
  readonly brotli: string;
  /** What names its content, in quotes as the header has it. */
  readonly etag: string;
}
