import { assert, assertEquals } from "@std/assert";
import {
  COLOR_PALETTES,
  COLORS,
  type Ground,
  groundOf,
  groundOfNumbers,
  GROUNDS,
  luminance,
} from "../../../src/terminal/screen/palette.ts";
import { testsOf } from "../../_testing.ts";

const test = testsOf("palette");

/** Steps of a part in xterm's cube of 256 colors, and its greys. */
const STEPS = [0, 95, 135, 175, 215, 255];

function ofCube(number: number): number {
  if (number >= 232) {
    const grey = (8 + 10 * (number - 232)) / 255;
    return luminance(grey, grey, grey);
  }
  const at = number - 16;
  const [r, g, b] = [Math.floor(at / 36), Math.floor(at / 6) % 6, at % 6]
    .map((step) => STEPS[step]! / 255);
  return luminance(r!, g!, b!);
}

function ofHex(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) =>
    parseInt(color.slice(at, at + 2), 16) / 255
  );
  return luminance(r!, g!, b!);
}

function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

test("luminance and contrast are those of WCAG", () => {
  assertEquals(contrast(luminance(1, 1, 1), luminance(0, 0, 0)), 21);
  // The grey #767676 on white is the example that everybody knows: 4.54.
  assertEquals(contrast(ofHex("#767676"), 1.0).toFixed(2), "4.54");
  assertEquals(ofHex("#ff0000").toFixed(4), "0.2126");
});

test("every color can be read on every ground that it is for", () => {
  const both = [...GROUNDS.dark, ...GROUNDS.light];
  const cases: [Ground, readonly string[], number][] = [
    ["dark", GROUNDS.dark, 4.5],
    ["light", GROUNDS.light, 4.5],
    ["either", both, 2.8],
  ];
  for (const [ground, backs, least] of cases) {
    const { names, text, place } = COLORS[ground];
    for (const color of [...names, ...Object.values(text), place]) {
      for (const back of backs) {
        const is = contrast(ofCube(color), ofHex(back));
        assert(is >= least, `${color} on ${back}: ${is}`);
      }
    }
    assertEquals(new Set(names).size, names.length);
    assert(!names.includes(text.red));
  }
});

test("a name has one color, however it is written", () => {
  const { light, dark } = COLOR_PALETTES;
  assertEquals(light.name("bob").replaceAll("bob", ""), "\x1b[38;5;127m\x1b[m");
  const style = (name: string) => dark.name(name).split("m")[0];
  assertEquals(style("Bob"), style("bob"));
  assert(style("ann") !== style("bob"));
});

test("what a terminal says of its ground is dark or light", () => {
  const said: [string, Ground | undefined][] = [
    ["rgb:0000/0000/0000", "dark"],
    ["rgb:1e1e/1e1e/1e1e", "dark"],
    ["rgb:fdfd/f6f6/e3e3", "light"],
    ["rgb:ff/ff/ff", "light"],
    ["rgb:f/f/f", "light"],
    ["rgba:0000/2b2b/3636/ffff", "dark"],
    ["RGB:FFFF/FFFF/FFFF", "light"],
    // Between them: as bright as white is to black, it is 0.179.
    ["rgb:75/75/75", "dark"],
    ["rgb:76/76/76", "light"],
    ["?", undefined],
    ["rgb:0000/0000", undefined],
    ["#ffffff", undefined],
  ];
  for (const [color, ground] of said) assertEquals(groundOf(color), ground);
});

test("COLORFGBG ends with the number of the ground", () => {
  const said: [string | undefined, Ground | undefined][] = [
    ["15;0", "dark"],
    ["0;15", "light"],
    ["0;default;15", "light"],
    ["7;8", "dark"],
    ["0;7", "light"],
    ["default;default", undefined],
    ["", undefined],
    [undefined, undefined],
  ];
  for (const [value, ground] of said) {
    assertEquals(groundOfNumbers(value), ground, value);
  }
});
