import { assert, assertEquals } from "@std/assert";
import { Admission, type Admitted } from "../../src/server/admission.ts";
import { isLoopback } from "../../src/net/address.ts";
import { testsOf } from "../_testing.ts";

const test = testsOf("admission");
const MANY = { maxConnections: 10_000, perAddress: 64 };

/** Lets a connection in; `now` is far enough from the one before that handshakes do not count. */
function admit(
  admission: Admission,
  hostname: string,
  now: number,
  makeWay: () => void = () => {},
): Admitted | string {
  const isLocal = isLoopback(hostname);
  return admission.admit(
    { peer: { hostname, port: 1 }, isLocal },
    now,
    makeWay,
  );
}

function assertIn(admitted: Admitted | string): Admitted {
  assert(typeof admitted !== "string", String(admitted));
  return admitted;
}

test("lets so many of an address in, and one more when one has gone", () => {
  const admission = new Admission(MANY);
  const inside: Admitted[] = [];
  let now = 0;
  for (; inside.length < 64; now += 1_000) {
    inside.push(assertIn(admit(admission, `2001:db8::${inside.length}`, now)));
  }
  assertEquals(typeof admit(admission, "2001:db8::ffff", now), "string");
  assertIn(admit(admission, "2001:db8:0:1::1", now));
  assertIn(admit(admission, "192.0.2.7", now));
  admission.release(inside[7]!);
  assertIn(admit(admission, "2001:db8::ffff", now + 1_000));
  assertEquals(typeof admit(admission, "2001:db8::1", now + 2_000), "string");
});

test("lets 8 handshakes a second of an address begin", () => {
  const admission = new Admission(MANY);
  for (let n = 0; n < 8; n++) assertIn(admit(admission, "192.0.2.7", 0));
  assertEquals(typeof admit(admission, "192.0.2.7", 0), "string");
  assertIn(admit(admission, "192.0.2.8", 0));
  // Another each 125 ms.
  assertEquals(typeof admit(admission, "192.0.2.7", 124), "string");
  assertIn(admit(admission, "192.0.2.7", 125));
  assertEquals(typeof admit(admission, "192.0.2.7", 249), "string");
});

test("does not count this machine's own addresses", () => {
  const admission = new Admission(MANY);
  for (
    const hostname of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]
  ) {
    for (let n = 0; n < 100; n++) assertIn(admit(admission, hostname, 0));
  }
});

test("counts no address when that limit is lifted", () => {
  const admission = new Admission({ ...MANY, perAddress: 0 });
  for (let n = 0; n < 200; n++) assertIn(admit(admission, "192.0.2.7", 0));
});

test("says for which limit one is not let in", () => {
  const admission = new Admission({ maxConnections: 9, perAddress: 8 });
  for (let n = 0; n < 8; n++) assertIn(admit(admission, "192.0.2.7", 0));
  assertEquals(admit(admission, "192.0.2.7", 0), "address-connections");
  assertIn(admit(admission, "192.0.2.8", 0));
  assertEquals(admit(admission, "192.0.2.9", 0), "full");
  const quick = new Admission({ maxConnections: 99, perAddress: 99 });
  for (let n = 0; n < 8; n++) assertIn(admit(quick, "192.0.2.7", 0));
  assertEquals(admit(quick, "192.0.2.7", 0), "address-handshakes");
});

test("lets so many in all, and eight more of this machine", () => {
  const admission = new Admission({ maxConnections: 3, perAddress: 64 });
  const first = assertIn(admit(admission, "127.0.0.1", 0));
  assertIn(admit(admission, "192.0.2.7", 0));
  assertIn(admit(admission, "192.0.2.8", 0));
  assertEquals(admission.count, 3);
  assertEquals(admit(admission, "192.0.2.9", 0), "full");
  for (let n = 0; n < 8; n++) assertIn(admit(admission, "127.0.0.1", 0));
  assertEquals(admit(admission, "127.0.0.1", 0), "full");
  admission.release(first);
  assertEquals(admission.count, 10);
  assertEquals(admit(admission, "192.0.2.9", 0), "full");
  assertIn(admit(admission, "127.0.0.1", 0));
});

test("makes the oldest of the busiest address go when 256 are not ready", () => {
  const admission = new Admission({ ...MANY, perAddress: 0 });
  const gone: string[] = [];
  const enter = (hostname: string, name: string) =>
    assertIn(admit(admission, hostname, 0, () => void gone.push(name)));
  // 250 of one each, in front of and behind six of one.
  for (let n = 0; n < 100; n++) enter(`192.0.2.${n}`, `single ${n}`);
  for (let n = 0; n < 6; n++) enter("198.51.100.7", `busy ${n}`);
  for (let n = 100; n < 250; n++) enter(`192.0.2.${n}`, `single ${n}`);
  assertEquals(gone, []);
  enter("203.0.113.1", "one more");
  assertEquals(gone, ["busy 0"]);
  enter("203.0.113.2", "two more");
  enter("203.0.113.3", "three more");
  assertEquals(gone, ["busy 0", "busy 1", "busy 2"]);
});

test("takes all of an IPv6 provider for one when somebody must go, and there the busiest site", () => {
  const admission = new Admission(MANY);
  const gone: string[] = [];
  const enter = (hostname: string) =>
    assertIn(admit(admission, hostname, 0, () => void gone.push(hostname)));
  for (let n = 0; n < 6; n++) enter("198.51.100.7");
  for (let n = 0; n < 248; n++) enter(`2001:db8:${n.toString(16)}::1`);
  enter("2001:db8:7::2");
  enter("2001:db9::1");
  assertEquals(gone, []);
  for (let n = 0; n < 3; n++) enter(`2001:db8:f00${n}::1`);
  assertEquals(gone, ["2001:db8:7::1", "2001:db8:0::1", "2001:db8:1::1"]);
});

test("counts those who are ready no longer among those who may have to go", () => {
  const admission = new Admission({ ...MANY, perAddress: 0 });
  const gone: number[] = [];
  for (let n = 0; n < 600; n++) {
    const admitted = assertIn(
      admit(admission, "192.0.2.7", 0, () => void gone.push(n)),
    );
    admission.ready(admitted);
  }
  for (let n = 600; n < 856; n++) {
    assertIn(admit(admission, "192.0.2.8", 0, () => void gone.push(n)));
  }
  assertEquals(gone, []);
  assertIn(admit(admission, "192.0.2.9", 0));
  assertEquals(gone, [600]);
});

test("counts those who left before they were ready no longer", () => {
  const admission = new Admission({ ...MANY, perAddress: 0 });
  let gone = 0;
  for (let n = 0; n < 1_000; n++) {
    const admitted = assertIn(
      admit(admission, "192.0.2.7", 0, () => void gone++),
    );
    admission.release(admitted);
  }
  assertEquals([gone, admission.count], [0, 0]);
});

test("counts a whole site as a few addresses", () => {
  const admission = new Admission({ ...MANY, perAddress: 8 });
  const inside = Array.from({ length: 30 }, (_, n) => {
    const address = `2001:db8:1:${n.toString(16)}::1`;
    return admit(admission, address, 1_000 * n);
  });
  assertEquals(inside.filter((one) => typeof one !== "string").length, 24);
  assertEquals(inside.at(-1), "address-connections");
  assertIn(admit(admission, "2001:db8:2::1", 30_000));
  admission.release(assertIn(inside[0]!));
  assertIn(admit(admission, "2001:db8:1:ff::1", 31_000));
  const quick = new Admission(MANY);
  const at = (n: number) => `2001:db8:1:${n.toString(16)}::1`;
  for (let n = 0; n < 24; n++) assertIn(admit(quick, at(n), 0));
  assertEquals(admit(quick, at(24), 0), "address-handshakes");
  assertIn(admit(quick, "2001:db8:2::1", 0));
});

test("counts one that a proxy brings by nothing before it is known who it is", () => {
  const admission = new Admission({ maxConnections: 20, perAddress: 2 });
  const gone: number[] = [];
  const places = Array.from(
    { length: 19 },
    (_, n) => assertIn(admission.admitUnknown(() => void gone.push(n))),
  );
  const peer = { hostname: "192.0.2.7", port: 7 };
  const facts = { peer, isLocal: false };
  const known = places.slice(0, 3).map((place) =>
    admission.identify(place, facts, 0)
  );
  assertEquals(known, [undefined, undefined, "address-connections"]);
  assertEquals(admit(admission, "192.0.2.7", 0), "address-connections");
  for (const place of places) admission.release(place);
  assertEquals(admission.count, 0);
  assertIn(admit(admission, "192.0.2.7", 1_000));
  for (let n = 0; n < 19; n++) {
    assertIn(admission.admitUnknown(() => {}));
  }
  assertEquals(admission.admitUnknown(() => {}), "full");
  assertEquals(gone, []);
});
