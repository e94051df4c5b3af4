import { connect } from 'node:net';

/** One stream, read by hand. */
export interface WatchedStream {
  /** Once the head of the answer is there: what is published from now on will come. @throws after ten seconds */
  opened(): Promise<void>;
  /** The data of the first frame in which this text stands. @throws after ten seconds */
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

  const frameWith = async (text: string): Promise<string> => {
    const find = () =>
      received
        .split(/\r?\n\r?\n/)
        .slice(0, -1)
        .find((frame) => frame.includes(text));
    const deadline = setTimeout(() => socket.destroy(), DEADLINE_MS);
    while (!find() && !socket.destroyed) {
      await new Promise<void>((resolve) => {
        onData = resolve;
        socket.once('close', resolve);
      });
    }
    clearTimeout(deadline);
    const frame = find();
    if (frame === undefined) throw new Error(`The stream ended, or was silent, before «${text}» came.`);
    return frame;
  };
  return {
    opened: async () => void (await frameWith('HTTP/1.1 200')),
    dataWith: async (text) =>
      [...(await frameWith(text)).matchAll(/^data: (.*)$/gm)].map(([, data]) => data).join('\n'),
    close: () => socket.destroy(),
  };
}
