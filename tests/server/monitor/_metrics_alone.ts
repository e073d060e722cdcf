/** Writes metrics, in a process that may do just what a server may. */
import { metricsText } from "../../../src/server/monitor/metrics.ts";
import { SOURCE } from "./_source.ts";

console.log(await metricsText(SOURCE));
