/** Calls into another thread and their answers. */

/** What a thread can be asked for; arguments and answers are copied. */
// deno-lint-ignore no-explicit-any
export type Handlers = Record<string, (argument: any) => unknown>;

type Answer<H extends Handlers, Name extends keyof H> = Awaited<
  ReturnType<H[Name]>
>;

interface Call {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

/** What comes back: the answer to a call, or news that nobody asked for. */
type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string }
  | { readonly news: unknown };

/** The other end of a worker, as the worker sees it. */
interface Port {
  onmessage: ((event: MessageEvent<Call>) => void) | null;
  postMessage(reply: Reply): void;
}

/** A thread that runs a module which calls {@linkcode answerCalls}. */
export class Thread<H extends Handlers, News = never> implements Disposable {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #lastId = 0;
  #failure: Error | undefined;

  /** Runs `worker`'s module; `onNews` hears what it tells unasked. */
  constructor(worker: Worker, onNews: (news: News) => void = () => {}) {
    this.#worker = worker;
    this.#worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      if ("news" in data) return onNews(data.news as News);
      const call = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ("error" in data) call?.reject(new Error(data.error));
      else call?.resolve(data.value);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(new Error(`a thread has failed: ${event.message}`));
    };
  }

  /**
   * Asks the thread for something.
   *
   * @throws {Error} what it throws, or that it has failed.
   */
  call<Name extends keyof H & string>(
    name: Name,
    argument: Parameters<H[Name]>[0],
  ): Promise<Answer<H, Name>> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const answer = Promise.withResolvers<unknown>();
    const id = ++this.#lastId;
    this.#waiting.set(id, answer);
    this.#worker.postMessage({ id, name, argument } satisfies Call);
    return answer.promise as Promise<Answer<H, Name>>;
  }

  /** Ends it at once. */
  [Symbol.dispose](): void {
    this.#worker.terminate();
    this.#fail(new Error("the thread was ended"));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** In the thread: answers calls with these handlers, one after the other or at the same time. */
export function answerCalls(handlers: Handlers): void {
  const port = globalThis as unknown as Port;
  port.onmessage = async ({ data: { id, name, argument } }) => {
    try {
      port.postMessage({ id, value: await handlers[name]!(argument) });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      port.postMessage({ id, error: text });
    }
  };
}

/** In the thread: tells the other side something that it has not asked for. */
export function tellNews(news: unknown): void {
  (globalThis as unknown as Port).postMessage({ news });
}
