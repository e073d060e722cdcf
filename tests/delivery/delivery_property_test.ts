/** Whatever turns are made of, and however slowly they are read, each gets what it must. */
import fc from "fast-check";
import { propertyOptions, testsOf } from "../_testing.ts";
import { live } from "./_model.ts";
import { steps } from "./_model_steps.ts";

const test = testsOf("delivery alone");

test("gives each message once, in order and within limits, also what others wrote", () =>
  fc.assert(fc.asyncProperty(steps, live), propertyOptions(300)));
