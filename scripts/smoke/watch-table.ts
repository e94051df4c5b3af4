import type { Visitor } from './visitor.ts';

/** The admin's live table, as far as the arrival of rows goes. */
export interface TableWatch {
  /**
   * When the order's row came first, by `performance.now()`; undefined when it has not after the deadline.
   * It may have come before anybody asked for it.
   */
  arrival(number: string, deadlineMs: number): Promise<number | undefined>;
  close(): void;
}

/** Opens the stream that an open order table has. @throws when it is refused */
export async function watchTable(admin: Visitor): Promise<TableWatch> {
  const abort = new AbortController();
  const response = await fetch(`${admin.origin}/live/orders?view=all`, {
    headers: { Accept: 'text/event-stream', Cookie: admin.cookieHeader },
    redirect: 'manual',
    signal: abort.signal,
  });
  const type = response.headers.get('content-type') ?? '';
  if (response.status !== 200 || !type.startsWith('text/event-stream') || !response.body) {
    throw new Error(`The stream was refused: ${response.status} ${type}`);
  }

  const arrivals = new Map<string, number>();
  const waiting = new Map<string, (at: number) => void>();
  const note = (line: string) => {
    const at = performance.now();
    for (const [, number] of line.matchAll(/data-number="([^"]+)"/g)) {
      if (!number || arrivals.has(number)) continue;
      arrivals.set(number, at);
      waiting.get(number)?.(at);
    }
  };
  void (async () => {
    let rest = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) note(line);
    }
  })().catch(() => {});

  return {
    arrival(number, deadlineMs) {
      const known = arrivals.get(number);
      if (known !== undefined) return Promise.resolve(known);
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, deadlineMs, undefined);
        waiting.set(number, (at) => {
          clearTimeout(timer);
          resolve(at);
        });
      });
    },
    close: () => abort.abort(),
  };
}
