// What a server tells Prometheus, over HTTP on the port of the chat.

import { assert, assertEquals } from "@std/assert";
import { readMetrics } from "../server/monitor/_prometheus.ts";
import { hosted } from "./_hosted.ts";
import { enter, say } from "./_people.ts";
import { scenario } from "./_scenario.ts";

scenario(
  "the metrics of a server are there on its port, and count what was said",
  async () => {
    await using server = await hosted();
    await using ann = await enter(server, { name: "ann" });
    await say(ann, "hello");
    await say(ann, "again");
    const answer = await fetch(`http://${server.address}/metrics`);
    assertEquals(answer.status, 200);
    assert(answer.headers.get("content-type")!.startsWith("text/plain;"));
    const families = readMetrics(await answer.text());
    const value = (name: string) => families.get(name)!.samples[0]!.value;
    assertEquals(
      ["people", "rooms", "messages_total"].map((n) => value(`confab_${n}`)),
      [1, 1, 2],
    );
    assert(value("confab_resident_memory_bytes") > 2 ** 20);
    assertEquals(
      families.get("confab_info")!.samples[0]!.labels.fingerprint,
      server.fingerprint,
    );
  },
);
