import { connect } from 'node:net';

/** One stream, read by hand: what it says last is what a browser that comes back shows. */
export interface WatchedStream {
  /** Once the head of the answer is there: what is published from now on will come. @throws after ten seconds */
  opened(): Promise<void>;
  /** Of the last whole frame that had one. */
  lastId(): string | undefined;
  /** The first frame's data in which this stands. @throws after ten seconds */
  dataWith(text: string): Promise<string>;
  close(): void;
}

const DEADLINE_MS = 10_000;

export function watchStream(port: number, request: string): WatchedStream {
  let received = '';
  let onData = () => {};
  const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(request));
  socket.setEncoding('utf8').on('data', (text: string) => {
    received += text;
    onData();
  });
  socket.on('error', () => {});
  const stream: WatchedStream = {
    opened: async () => void (await stream.dataWith('HTTP/1.1 200')),
    lastId: () => [...received.matchAll(/^id: (.+?)\r?$/gm)].at(-1)?.[1],
    async dataWith(text) {
      const find = () => received.split(/\r?\n\r?\n/).find((frame) => frame.includes(text));
      const deadline = setTimeout(() => socket.destroy(new Error('too late')), DEADLINE_MS);
      while (!find() && !socket.destroyed) {
        await new Promise<void>((resolve) => {
          onData = resolve;
          socket.once('close', resolve);
        });
      }
      clearTimeout(deadline);
      const frame = find();
      if (!frame) throw new Error('The stream ended, or was silent, before it said what was waited for.');
      return [...frame.matchAll(/^data: (.*)$/gm)].map(([, data]) => data).join('\n');
    },
    close: () => socket.destroy(),
  };
  return stream;
}
