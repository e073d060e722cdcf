/** Chromium as the system has it, driven from outside: for tests and pictures of the page. */
import type { Browser } from "playwright-core";

/** Where Debian and others put it. */
const USUAL = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];

const FLAGS = [
  // Names of other sites lead to this machine, so that no test needs a network or finds one.
  "--host-resolver-rules=MAP *.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
  "--no-proxy-server",
  // Pictures and measured places are the same whatever screen and fonts there are.
  "--force-color-profile=srgb",
  "--font-render-hinting=none",
];

/** The path of Chromium, or that in `CONFAB_CHROMIUM` or `CHROMIUM`; undefined where there is none. */
export function chromiumPath(): string | undefined {
  const given = Deno.env.get("CONFAB_CHROMIUM") ?? Deno.env.get("CHROMIUM");
  return (given === undefined ? USUAL : [given]).find(isFile);
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/**
 * Starts a browser that keeps nothing, with more in its environment; its driver is loaded only
 * now.
 */
export async function launchChromium(
  path: string,
  env: Record<string, string> = {},
): Promise<Browser> {
  // When it is loaded it looks for Windows at a place that only --allow-all lets one see, except if
  // this is set. It stays set: the files of tests that run in parallel share one environment, and
  // another may be loading it.
  Deno.env.set("__IS_WSL_TEST__", "1");
  const { chromium } = await import("playwright-core");
  return await chromium.launch({
    executablePath: path,
    env: { ...Deno.env.toObject(), ...env },
    // The sandbox refuses to be set up by root, which is who runs in a container.
    chromiumSandbox: Deno.uid() !== 0,
    args: FLAGS,
  });
}

export interface View {
  /** 1280 × 800, or a phone of 390 × 844 with a finger. */
  readonly size?: "wide" | "phone";
  readonly scheme?: "light" | "dark";
}

/** What makes a context of a browser look so. */
export function contextOptions({ size = "wide", scheme = "light" }: View) {
  const shape = size === "wide" ? { viewport: { width: 1280, height: 800 } } : {
    viewport: { width: 390, height: 844 },
    isMobile: true,
    hasTouch: true,
  };
  return {
    ...shape,
    colorScheme: scheme,
    // A picture in the middle of a movement is another each time.
    reducedMotion: "reduce",
    locale: "en-GB",
    // A server's own certificate (`--tls self`) is known by its fingerprint, which is tested elsewhere.
    ignoreHTTPSErrors: true,
  } as const;
}
