/** What the page keeps, in a tab that keeps it to its end only. */
import { assertEquals, assertRejects } from "@std/assert";
import { TabValues } from "../../src/web/storage/database.ts";
import {
  loadIdentity,
  loadOrMakeIdentity,
  storeIdentity,
} from "../../src/web/storage/identity_store.ts";
import { PinStore } from "../../src/web/storage/pin_store.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("values of the page");
const testWithLocks = testsOf(
  "values of the page",
  "none",
  "locks" in navigator ? undefined : "there are no locks here",
);

test("a key is made once, can be taken out only then, and is forgotten with the rest", async () => {
  const values = new TabValues();
  assertEquals(await loadIdentity(values), undefined);
  const made = await loadOrMakeIdentity(values);
  assertEquals(made.secret?.length, 32);
  assertEquals(made.pair.privateKey.extractable, false);
  const again = await loadOrMakeIdentity(values);
  assertEquals(again.secret, undefined);
  assertEquals(again.pair.publicKey, made.pair.publicKey);
  await values.erase();
  assertEquals(await loadIdentity(values), undefined);
  await assertRejects(() => storeIdentity(values, made.pair));
});

testWithLocks(
  "a key that is taken while another is made is the one that stays",
  async () => {
    const values = new TabValues();
    const other = await loadOrMakeIdentity(new TabValues());
    const making = loadOrMakeIdentity(values);
    await storeIdentity(values, other.pair);
    await making;
    const kept = await loadIdentity(values);
    assertEquals(kept?.publicKey, other.pair.publicKey);
  },
);

test("a key that the browser does not keep is there all the same, and is said not to be kept", async () => {
  class Unwilling extends TabValues {
    override readonly isKept = true;
    override set(): Promise<void> {
      return Promise.reject(new DOMException("no keys", "DataCloneError"));
    }
  }
  const made = await loadOrMakeIdentity(new Unwilling());
  assertEquals([made.isKept, made.secret?.length], [false, 32]);
});

test("the key of a server is pinned, announced to change, and forgotten", async () => {
  const values = new TabValues();
  const pins = await PinStore.open(values);
  const firstSeen = new Date(0);
  await pins.pin("h:1", "SHA256:a", firstSeen);
  assertEquals(await pins.announce("h:1", "SHA256:b", "SHA256:c"), false);
  assertEquals(await pins.announce("h:1", "SHA256:a", "SHA256:c"), true);
  assertEquals(await pins.announce("h:1", "SHA256:a", "SHA256:c"), false);
  // As another tab reads it.
  const others = await PinStore.open(values);
  const pin = { address: "h:1", fingerprint: "SHA256:a", firstSeen };
  assertEquals(others.lookup("h:1"), { ...pin, next: "SHA256:c" });
  await pins.forget("h:1");
  await others.refresh();
  assertEquals(others.lookup("h:1"), undefined);
});
