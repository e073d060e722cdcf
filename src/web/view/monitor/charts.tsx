/** The last hour in small charts, all alike. */
import type { Monitor } from "../../model/monitor.ts";
import { Chart } from "./chart.tsx";
import { CHART_PLANS } from "./chart_plans.ts";

export function Charts({ monitor }: { monitor: Monitor }) {
  return (
    <div class="charts">
      {CHART_PLANS.map((plan) => (
        <Chart key={plan.title} monitor={monitor} plan={plan} />
      ))}
    </div>
  );
}
