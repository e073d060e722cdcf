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
  #isOver = false;
  /** What is held, in its order, while nothing goes through. */
  #held: (() => void)[] | undefined;

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

  /** Nothing goes through in either direction, an end neither: it waits for {@linkcode release}. */
  stall(): void {
    this.#held ??= [];
  }

  /** What was held goes through. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const act of held) act();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
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

  #said(write: () => void): void {
    if (!this.isMute) this.#later(write);
  }

  #later(act: () => void): void {
    if (this.#isOver) return;
    if (this.#delayMs === 0) return this.#pass(act);
    const timer = setTimeout(() => {
      this.#late.delete(timer);
      this.#pass(act);
    }, this.#delayMs);
    this.#late.add(timer);
  }

  #pass(act: () => void): void {
    if (this.#held === undefined) act();
    else this.#held.push(act);
  }

  /** What comes before the server is reached waits for it; where there is none, that is the end. */
  #join(conn: Deno.TcpConn): void {
    const server = dial(this.target).then((there) => {
      const socket = new ByteSocket(
        there,
        (bytes) => this.#said(() => void near.write(bytes)),
      );
      this.#sockets.push(socket);
      socket.ended.then(() => this.#later(() => finish(near)));
      return socket;
    }, () => {
      near.close();
      return undefined;
    });
    const near: ByteSocket = new ByteSocket(
      conn,
      (bytes) => this.#said(() => void server.then((far) => far?.write(bytes))),
    );
    this.#sockets.push(near);
    near.ended.then(() =>
      server.then((far) => this.#later(() => far && finish(far)))
    );
  }
}

/** Closes when all that was written before is. */
function finish(socket: ByteSocket): void {
  void socket.write(new Uint8Array()).then(() => socket.close());
}
