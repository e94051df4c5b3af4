import type { Context } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';

/** Streams by `streamSSE`, and a loop that writes to each. */
export function hub(): { live: (c: Context) => Response; send: (html: string) => void } {
  const streams = new Set<SSEStreamingApi>();
  let id = 0;
  return {
    live: (c) =>
      streamSSE(c, async (stream) => {
        streams.add(stream);
        await stream.writeSSE({ event: 'head', data: String(id) });
        await new Promise<void>((resolve) => stream.onAbort(resolve));
        streams.delete(stream);
      }),
    send(html) {
      id += 1;
      // Not awaited one by one, which would let the slowest browser hold up all others.
      for (const stream of streams) void stream.writeSSE({ id: String(id), data: html });
    },
  };
}
