// One address whose server changes: what a person sees when another machine answers at HOST:PORT, or
// one that is far away.

import { ByteSocket, dial } from "./_sockets.ts";

export class Relay implements AsyncDisposable {
  /** The port that connections go to from now on. */
  target: number;
  /** What is said is lost, as it is before a cut that nobody has noticed. */
  isMute = false;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #sockets: ByteSocket[] = [];
  readonly #accepting: Promise<void>;
  readonly #delayMs: number;
  readonly #late = new Set<ReturnType<typeof setTimeout>>();

  /** What is said takes so long in either direction. */
  constructor(target: number, delayMs = 0) {
    this.target = target;
    this.#delayMs = delayMs;
    this.#accepting = this.#accept();
  }

  /** `HOST:PORT` of the relay itself. */
  get address(): string {
    return `127.0.0.1:${this.#listener.addr.port}`;
  }

  /** Ends all connections that there are. */
  cut(): void {
    for (const socket of this.#sockets) socket.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#accepting;
    for (const timer of this.#late) clearTimeout(timer);
    for (const socket of this.#sockets) await socket[Symbol.asyncDispose]();
  }

  async #accept(): Promise<void> {
    try {
      while (true) this.#join(await this.#listener.accept());
    } catch {
      // closed
    }
  }

  #later(write: () => void): void {
    if (this.isMute) return;
    if (this.#delayMs === 0) return write();
    const timer = setTimeout(() => {
      this.#late.delete(timer);
      write();
    }, this.#delayMs);
    this.#late.add(timer);
  }

  /** What comes before the server is reached waits for it; where there is none, that is the end. */
  #join(conn: Deno.TcpConn): void {
    const server = dial(this.target).then((there) => {
      const socket = new ByteSocket(
        there,
        (bytes) => this.#later(() => void near.write(bytes)),
      );
      this.#sockets.push(socket);
      socket.ended.then(() => near.close());
      return socket;
    }, () => {
      near.close();
      return undefined;
    });
    const near: ByteSocket = new ByteSocket(
      conn,
      (bytes) =>
        this.#later(() => void server.then((far) => far?.write(bytes))),
    );
    this.#sockets.push(near);
    near.ended.then(() => server.then((far) => far?.close()));
  }
}
