/** The headers of every answer: a page may do what it needs, with this server alone. Pure. */

/** Nothing is allowed that is not named; the cipher of the channel is WebAssembly. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'none'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/** What a chat has no use for. */
const PERMISSIONS_POLICY = [
  ...["accelerometer", "browsing-topics", "camera", "display-capture"],
  ...["encrypted-media", "geolocation", "gyroscope", "hid", "idle-detection"],
  ...["local-fonts", "magnetometer", "microphone", "midi", "payment"],
  ...["picture-in-picture", "publickey-credentials-get", "screen-wake-lock"],
  ...["serial", "usb", "window-management", "xr-spatial-tracking"],
].map((feature) => `${feature}=()`).join(", ");

const YEAR_S = 365 * 24 * 3_600;

const ALWAYS = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": PERMISSIONS_POLICY,
};

/** Whether browsers are to come by TLS only from now on: under a certificate that they believe. */
export type Transience = "lasting" | "passing";

/** Those of every answer. */
export function securityHeaders(
  tls: Transience,
): Readonly<Record<string, string>> {
  if (tls === "passing") return ALWAYS;
  return { ...ALWAYS, "strict-transport-security": `max-age=${YEAR_S}` };
}

/** How long an answer may be kept: one whose path names its content for ever. */
export function cacheControl(path: string): string {
  return /\.[\w-]{8,}\.[a-z0-9]+$/i.test(path)
    ? `public, max-age=${YEAR_S}, immutable`
    : "no-cache";
}
