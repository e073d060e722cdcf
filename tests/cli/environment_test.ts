import { assertEquals, assertThrows } from "@std/assert";
import { dataDir } from "../../src/cli/environment.ts";
import { UsageError } from "../../src/base/errors.ts";

function test(name: string, fn: () => void): void {
  Deno.test({ name: `data directory: ${name}`, permissions: "none", fn });
}

function of(
  os: typeof Deno.build.os,
  variables: Record<string, string>,
): string {
  return dataDir((name) => variables[name], os);
}

test("is $CONFAB_DATA everywhere", () => {
  const variables = {
    CONFAB_DATA: "/srv/chat",
    HOME: "/home/ann",
    XDG_DATA_HOME: "/xdg",
    LOCALAPPDATA: "C:\\x",
  };
  for (const os of ["linux", "darwin", "windows"] as const) {
    assertEquals(of(os, variables), "/srv/chat");
  }
});

test("is in the XDG data home on Linux and its relatives", () => {
  const variables = { HOME: "/home/ann", XDG_DATA_HOME: "/xdg" };
  assertEquals(of("linux", variables), "/xdg/confab");
  assertEquals(of("freebsd", variables), "/xdg/confab");
  assertEquals(of("linux", { XDG_DATA_HOME: "/xdg" }), "/xdg/confab");
});

test("is in ~/.local/share without a valid XDG data home", () => {
  const expected = "/home/ann/.local/share/confab";
  assertEquals(of("linux", { HOME: "/home/ann" }), expected);
  assertEquals(of("linux", { HOME: "/home/ann", XDG_DATA_HOME: "" }), expected);
  assertEquals(
    of("linux", { HOME: "/home/ann", XDG_DATA_HOME: "relative" }),
    expected,
  );
});

test("is in the library on macOS", () => {
  assertEquals(
    of("darwin", { HOME: "/Users/ann", XDG_DATA_HOME: "/xdg" }),
    "/Users/ann/Library/Application Support/confab",
  );
});

test("is in the local application data on Windows", () => {
  assertEquals(
    of("windows", { LOCALAPPDATA: "C:\\Users\\ann\\AppData\\Local" }),
    "C:\\Users\\ann\\AppData\\Local\\confab",
  );
});

test("that cannot be known says which variable to set", () => {
  for (
    const [os, name] of [
      ["linux", "HOME"],
      ["darwin", "HOME"],
      ["windows", "LOCALAPPDATA"],
    ] as const
  ) {
    for (const variables of [{}, { CONFAB_DATA: "", [name]: "" }]) {
      const error = assertThrows(() => of(os, variables), UsageError);
      assertEquals(
        error.message,
        `finding the data directory: $${name} is not set; set it, or CONFAB_DATA to a directory of your choice`,
      );
    }
  }
});
