/** Whatever turns are made of, and however slowly they are read, each connection gets what is its. */
import fc from "fast-check";
import { propertyOptions, testsOf } from "../_testing.ts";
import { live, steps } from "./_model.ts";

const test = testsOf("delivery alone");

test("gives each message once, in order and within limits, also what others wrote", () =>
  fc.assert(fc.asyncProperty(steps, live), propertyOptions(300)));
