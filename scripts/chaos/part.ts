import type { Child } from '../supervise/child.ts';

export type PartKind = 'database' | 'redis' | 'orders' | 'notifier' | 'web';

/** A process of the system, which comes back under its name and on its port however often it ends. */
export interface Part {
  /** `orders1`, `database` … */
  readonly name: string;
  readonly kind: PartKind;
  readonly port: number;
  readonly pid: number;
  isRunning(): boolean;
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL; resolves when it is gone. It stays away until `start`. */
  kill(): Promise<void>;
  /** SIGTERM, and SIGKILL after 10 s. It stays away until `start`. */
  stop(): Promise<void>;
  /**
   * Runs it again; resolves when it has begun, which is not yet when it can do its work. Does nothing when it runs.
   * Where that fails it is tried again until it works; the promise tells of the first time.
   */
  start(): Promise<void>;
  /** Whether it can do its work now. */
  isReady(): Promise<boolean>;
}

export interface PartOptions {
  name: string;
  kind: PartKind;
  port: number;
  launch: () => Promise<Child>;
  isReady: () => Promise<boolean>;
  /** It ended by itself. A supervisor would start it again, and so does the part. */
  onFall: (reason: string) => void;
  /** From then on nothing is started again: whoever looks after processes is going, too. */
  isOver: () => boolean;
}

/** As supervisors do, so that what ends at its start is not started without a pause. */
const RESTART_MS = 300;

/** Starts it for the first time. */
export async function startPart(options: PartOptions): Promise<Part> {
  let child: Child | undefined;
  let starting: Promise<void> | undefined;
  /** Whoever ended it starts it again; nobody else may. */
  let isWanted = true;

  const launch = async () => {
    const mine = await options.launch();
    child = mine;
    void mine.exited.then(async ({ reason }) => {
      if (!isWanted || child !== mine || options.isOver()) return;
      options.onFall(reason);
      await supervise();
    });
  };
  /** Whatever keeps it from starting, such as a full disk, may be over the next time. */
  const supervise = async () => {
    while (isWanted && !options.isOver() && !part.isRunning()) {
      await new Promise((resolve) => setTimeout(resolve, RESTART_MS));
      if (isWanted && !options.isOver()) await part.start().catch(() => {});
    }
  };
  const end = async (ending: (child: Child) => Promise<unknown>) => {
    isWanted = false;
    await starting?.catch(() => {});
    if (child) await ending(child);
  };

  const part: Part = {
    name: options.name,
    kind: options.kind,
    port: options.port,
    get pid() {
      return child?.pid ?? 0;
    },
    isRunning: () => child?.isRunning() ?? false,
    signal: (signal) => child?.signal(signal),
    kill: () =>
      end((running) => {
        running.signal('SIGKILL');
        return running.exited;
      }),
    stop: () =>
      end(async (running) => {
        const { reason } = await running.stop();
        if (reason === 'SIGKILL') options.onFall('was still there 10 s after SIGTERM');
      }),
    start() {
      isWanted = true;
      if (part.isRunning()) return Promise.resolve();
      starting ??= launch()
        .catch((error: Error) => {
          void supervise();
          throw error;
        })
        .finally(() => {
          starting = undefined;
        });
      return starting;
    },
    isReady: async () => part.isRunning() && (await options.isReady()),
  };
  await part.start();
  return part;
}
