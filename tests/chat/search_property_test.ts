/** Whatever becomes of rooms: a search in all goes just where a page of history would be given. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { propertyOptions, testsOf } from "../_testing.ts";
import { Scene } from "./_scene.ts";
import type { Visitor } from "./_visitor.ts";

const test = testsOf("a search in all, as a property");

const ROOMS = ["den", "ops", "attic"];
const PEOPLE = ["ann", "bob", "eve"];

const step = fc.record({
  room: fc.constantFrom(...ROOMS),
  who: fc.constantFrom(...PEOPLE),
  does: fc.constantFrom(
    "ban",
    "unban",
    "kick",
    "lock",
    "unlock",
    "invite",
    "op",
    "deop",
    "tell",
    "block",
    "delete",
  ),
});

/** The places that may be read, asked one by one. */
async function readable(
  who: Visitor,
  isGuest: boolean,
): Promise<string[]> {
  const places: string[] = [];
  for (const room of ["lobby", ...ROOMS]) {
    const page = await who.ask({ type: "history", room });
    if (page.type === "page") places.push(room);
  }
  return isGuest ? places.filter((room) => room === "lobby") : places.sort();
}

async function searched(who: Visitor): Promise<string[]> {
  const answer = await who.says("/search in:all tea");
  assert(answer.type === "search", answer.type);
  return [...answer.places!.values()].sort();
}

test("goes to what one may read, and to no other room", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const scene = new Scene();
      const talked = new Set<string>();
      const boss = await scene.person("boss");
      for (const room of ROOMS) await boss.tries(`/join +${room}`);
      for (const room of ["lobby", ...ROOMS]) await boss.tries("tea", { room });
      const people: Visitor[] = [];
      for (const name of PEOPLE) people.push(await scene.person(name));
      const guest = await scene.guest("guest");
      for (const { room, who, does } of steps) {
        const place = { room };
        if (does === "tell") {
          if (await boss.tries(`/msg ${who} tea`) === "ack") talked.add(who);
        } else if (does === "block") await boss.tries(`/block ${who}`);
        else if (does === "delete") await boss.tries("/delete", place);
        else if (does === "lock" || does === "unlock") {
          await boss.tries(`/${does}`, place);
        } else await boss.tries(`/${does} ${who}`, place);
        for (const [at, person] of people.entries()) {
          const own = talked.has(PEOPLE[at]!) ? ["@boss"] : [];
          assertEquals(
            await searched(person),
            [...await readable(person, false), ...own].sort(),
            `${PEOPLE[at]} after ${does}`,
          );
        }
        assertEquals(await searched(guest), await readable(guest, true));
      }
    }),
    propertyOptions(40),
  );
});
