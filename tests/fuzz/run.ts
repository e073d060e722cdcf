/**
 * Fuzzes for as long as one likes: `deno task fuzz [MINUTES | INPUTS] [TARGET]`; at least 1,000 are
 * inputs of each target, less are minutes for all of them. A fault ends its target alone.
 * `CONFAB_SEED` makes another run.
 */
import { fuzz, type Target } from "./_fuzz.ts";
import { TARGETS } from "./_targets.ts";

const LEAST_INPUTS = 1_000;

const [amount = "1", ...words] = Deno.args;
const wanted = words.join(" ");
const seed = Number(Deno.env.get("CONFAB_SEED") ?? Date.now() % 1_000_000);
const targets = TARGETS.filter(({ name }) => name.includes(wanted));
const limit = Number(amount);
if (!(limit > 0) || targets.length === 0) {
  console.error("usage: deno task fuzz [MINUTES | INPUTS] [TARGET]");
  for (const { name } of TARGETS) console.error(`  ${name}`);
  Deno.exit(2);
}
const isInputs = limit >= LEAST_INPUTS;
const eachMs = isInputs ? Infinity : limit * 60_000 / targets.length;

let [total, faults] = [0, 0];
const begun = performance.now();
for (const target of targets) {
  const inputs = await run(target);
  total += inputs;
}
const seconds = (performance.now() - begun) / 1_000;
console.log(
  `${total} inputs in ${
    seconds.toFixed(0)
  } s (CONFAB_SEED=${seed}), ${faults} targets broke`,
);
Deno.exit(faults === 0 ? 0 : 1);

async function run(target: Target): Promise<number> {
  const from = performance.now();
  try {
    const ran = await fuzz(target, {
      seed,
      inputs: isInputs ? limit : Infinity,
      until: from + eachMs,
    });
    const rate = ran.inputs / (performance.now() - from) * 1_000;
    console.log([
      target.name.padEnd(30),
      `${ran.inputs}`.padStart(9),
      `${rate.toFixed(0)}/s`.padStart(9),
      `slowest ${ran.slowestMs.toFixed(1)} ms, ${ran.slowest.length} bytes`,
    ].join("  "));
    return ran.inputs;
  } catch (error) {
    faults++;
    console.log(error instanceof Error ? error.message : error);
    return 0;
  }
}
