/**
 * What `deno test` alone runs: nothing. The packages of the tests have a lock file of their own, so
 * that `deno.lock` names those of the program only.
 */
console.error(
  "run `deno task test` for all tests, `deno task test-some FILE` for some",
);
Deno.exit(1);
