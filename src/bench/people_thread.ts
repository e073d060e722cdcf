/** A thread of simulated people. */
import { Crowd, type CrowdOptions, type Heard, type Talked } from "./crowd.ts";
import { answerCalls, tellNews } from "./thread.ts";
import { threadUsage, type Usage } from "./usage.ts";

/** How often it is told how many have come. */
const NEWS_MS = 200;

/** How many people are in, as it changes. */
export interface CrowdNews {
  readonly thread: number;
  readonly size: number;
}

let crowd: Crowd | undefined;

/** Does something with the people, and tells meanwhile how many there are. */
async function telling<T>(work: (crowd: Crowd) => Promise<T>): Promise<T> {
  const own = crowd!;
  const timer = setInterval(() => {
    tellNews({ thread, size: own.size } satisfies CrowdNews);
  }, NEWS_MS);
  try {
    return await work(own);
  } finally {
    clearInterval(timer);
  }
}

let thread = 0;

const handlers = {
  begin(options: CrowdOptions): void {
    thread = options.thread;
    crowd = new Crowd(options);
  },

  gather: (options: Parameters<Crowd["gather"]>[0]) =>
    telling(async (crowd) => {
      const refused = await crowd.gather(options);
      return { size: crowd.size, ...refused !== undefined && { refused } };
    }),

  async fill(options: Parameters<Crowd["fill"]>[0]) {
    const refused = await crowd!.fill(options);
    return { size: crowd!.size, ...refused !== undefined && { refused } };
  },

  talk: (options: Parameters<Crowd["talk"]>[0]): Promise<Talked> =>
    crowd!.talk(options),

  flood: (options: Parameters<Crowd["flood"]>[0]): Promise<Talked> =>
    crowd!.flood(options),

  finish: (_: null): Promise<Heard> => crowd!.finish(),

  faults: (_: null): Crowd["faults"] => crowd!.faults,

  usage: (_: null): Usage => threadUsage(),

  halt(_: null): void {
    crowd?.halt();
  },

  close: (_: null): Promise<void> => crowd!.close(),
};

export type PeopleHandlers = typeof handlers;

answerCalls(handlers);
