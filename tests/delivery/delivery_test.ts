/** Whatever happens, everyone gets what they were promised. */
import fc from "fast-check";
import { propertyOptions, testsOf } from "../_testing.ts";
import { storm } from "../server/_steps.ts";
import { weather } from "../server/_storm.ts";

const test = testsOf("delivery");

test("gives everyone each message of their rooms once and in order, through any storm", () =>
  fc.assert(
    fc.asyncProperty(storm, weather),
    propertyOptions(200),
  ));
