/** A transport as a stream of Node, for what of Node's takes a socket: TLS and HTTP. */
import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";
import type { Transport } from "./transport.ts";

/**
 * A transport as a duplex stream that stays half open: `end` ends this side alone. It reads when
 * it is read from, and a write is over when the transport has taken it. Destroying it closes the
 * transport, and an error of the transport destroys it.
 */
export function duplexOf(transport: Transport): Duplex {
  const chunks = transport[Symbol.asyncIterator]();
  const stream = new Duplex({
    allowHalfOpen: true,
    // A chunk is read ahead at most: the transport has buffers of its own.
    highWaterMark: 1,
    read() {
      chunks.next().then(
        // The chunk's buffer is the transport's, which goes on to use it.
        ({ done, value }) => stream.push(done ? null : Buffer.from(value)),
        (error) => stream.destroy(error),
      );
    },
    write(bytes: Uint8Array, _, done) {
      transport.write(bytes).then(() => done(), done);
    },
    final(done) {
      transport.closeWrite().then(() => done(), done);
    },
    destroy(error, done) {
      transport.close();
      done(error);
    },
  });
  return stream;
}
