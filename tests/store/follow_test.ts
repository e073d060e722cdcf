/** What one who follows a journal is given, by every store alike. */
import { assert, assertEquals } from "@std/assert";
import { eventLoopTurn } from "../_fake_clock.ts";
import {
  appending,
  assertRefused,
  entries,
  entry,
  following,
  nextOf,
  writing,
} from "./_helpers.ts";
import { testStores } from "./_stores.ts";

testStores({
  "gives what was committed and what is, in the order of the commits": async (
    store,
  ) => {
    const den = entry("den", 1, { kind: "sealed", body: "\0", person: "A" });
    await store.commit(appending(0, entries("lobby", 1, 2)));
    await store.commit(appending(0, [den]));
    const follower = following(store);
    assertEquals(await nextOf(follower, 3), [...entries("lobby", 1, 2), den]);
    await store.commit({
      appends: [
        { room: "lobby", expectedHead: 2, entries: entries("lobby", 3, 4) },
        { room: "new", expectedHead: 0, entries: entries("new", 1, 1) },
      ],
      writes: [],
    });
    await store.commit(appending(4, entries("lobby", 5, 5)));
    assertEquals(await nextOf(follower, 4), [
      ...entries("lobby", 3, 4),
      ...entries("new", 1, 1),
      ...entries("lobby", 5, 5),
    ]);
    await follower.return?.();
  },

  "gives what comes after the position of now": async (store) => {
    assertEquals(await store.position(), 0);
    await store.commit(appending(0, entries("lobby", 1, 3)));
    const pos = await store.position();
    await store.commit(appending(3, entries("lobby", 4, 4)));
    const follower = following(store, pos);
    assertEquals(await nextOf(follower, 1), entries("lobby", 4, 4));
    await store.commit(appending(4, entries("lobby", 5, 6)));
    assertEquals(await nextOf(follower, 2), entries("lobby", 5, 6));
    await follower.return?.();
  },

  "goes on from the position of any batch": async (store) => {
    for (let seq = 1; seq <= 6; seq++) {
      await store.commit(appending(seq - 1, [entry("lobby", seq)]));
    }
    const live = following(store, await store.position());
    await store.commit(appending(6, entries("lobby", 7, 8)));
    const { value: { pos } } = await live.next();
    await live.return?.();
    await store.commit(appending(8, entries("lobby", 9, 9)));
    const again = following(store, pos);
    assertEquals(await nextOf(again, 1), entries("lobby", 9, 9));
    await again.return?.();
    assertEquals(await store.position(), 9);
  },

  "lets one who follows wait for the next commit": async (store) => {
    const follower = following(store);
    let hasCome = false;
    const waiting = nextOf(follower, 2).finally(() => hasCome = true);
    await eventLoopTurn();
    await store.commit(writing("ann", 0, 1));
    await eventLoopTurn();
    assert(!hasCome);
    await store.commit(appending(0, entries("lobby", 1, 2)));
    assertEquals(await waiting, entries("lobby", 1, 2));
    await follower.return?.();
  },

  "gives nothing of a commit that was not kept": async (store) => {
    const follower = following(store);
    await assertRefused(store, appending(4, entries("lobby", 5, 5)));
    await assertRefused(store, {
      ...appending(0, entries("lobby", 1, 1)),
      writes: writing("ann", 7, 1).writes,
    });
    assertEquals(await store.position(), 0);
    await store.commit(appending(0, entries("den", 1, 1)));
    assertEquals(await nextOf(follower, 1), entries("den", 1, 1));
    await follower.return?.();
  },

  "gives each of two who follow all, each at its own pace": async (store) => {
    await store.commit(appending(0, entries("lobby", 1, 2)));
    const all = following(store);
    const live = following(store, await store.position());
    const first = nextOf(live, 1);
    await store.commit(appending(2, entries("lobby", 3, 3)));
    assertEquals(await first, entries("lobby", 3, 3));
    await store.commit(appending(3, entries("lobby", 4, 4)));
    await live.return?.();
    await store.commit(appending(4, entries("lobby", 5, 5)));
    assertEquals(await nextOf(all, 5), entries("lobby", 1, 5));
    await all.return?.();
  },

  "ends for one who returns, also while it waits": async (store) => {
    const follower = following(store);
    const waiting = follower.next();
    await eventLoopTurn();
    assertEquals((await follower.return?.())?.done, true);
    assertEquals((await waiting).done, true);
    await store.commit(appending(0, entries("lobby", 1, 1)));
    assertEquals((await follower.next()).done, true);
  },

  "ends with the loop that follows": async (store) => {
    await store.commit(appending(0, entries("lobby", 1, 1)));
    for await (const followed of store.follow()) {
      assertEquals(followed, { entries: entries("lobby", 1, 1), pos: 1 });
      break;
    }
  },

  "ends with the store": async (store) => {
    const waiting = following(store).next();
    await eventLoopTurn();
    await store[Symbol.asyncDispose]();
    assertEquals((await waiting).done, true);
  },
});
