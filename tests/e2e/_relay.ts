// One address whose server changes: what a person sees when another machine answers at HOST:PORT.

import { ByteSocket, dial } from "./_sockets.ts";

export class Relay implements AsyncDisposable {
  /** The port that connections go to from now on. */
  target: number;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #sockets: ByteSocket[] = [];
  readonly #accepting: Promise<void>;

  constructor(target: number) {
    this.target = target;
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
    for (const socket of this.#sockets) await socket[Symbol.asyncDispose]();
  }

  async #accept(): Promise<void> {
    try {
      while (true) this.#join(await this.#listener.accept());
    } catch {
      // closed
    }
  }

  /** What comes before the server is reached waits for it; where there is none, that is the end. */
  #join(conn: Deno.TcpConn): void {
    const server = dial(this.target).then((there) => {
      const socket = new ByteSocket(there, (bytes) => void near.write(bytes));
      this.#sockets.push(socket);
      socket.ended.then(() => near.close());
      return socket;
    }, () => {
      near.close();
      return undefined;
    });
    const near: ByteSocket = new ByteSocket(
      conn,
      (bytes) => void server.then((far) => far?.write(bytes)),
    );
    this.#sockets.push(near);
    near.ended.then(() => server.then((far) => far?.close()));
  }
}
