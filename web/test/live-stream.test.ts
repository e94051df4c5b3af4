import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openStream, type Stream, type StreamState } from '../browser/live-stream.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A server that answers the n-th connection as told, and a stream that reads it. */
async function follow(answers: ((request: IncomingMessage, response: ServerResponse) => void)[], cursor?: string) {
  const requests: { url: string; lastEventId: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push({ url: request.url ?? '', lastEventId: request.headers['last-event-id'] as string | undefined });
    answer?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const messages: string[] = [];
  const states: StreamState[] = [];
  const stream: Stream = openStream({
    url: (after) => `${base}/live${after ? `?after=${after}` : ''}`,
    cursor,
    onMessage: ({ data }) => messages.push(data),
    onState: (state) => states.push(state),
  });
  ends.push(
    () => stream.close(),
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return { stream, messages, states, requests };
}

const speak = (text: string) => (_request: IncomingMessage, response: ServerResponse) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
  response.write(text);
};
const speakAndEnd = (text: string) => (_request: IncomingMessage, response: ServerResponse) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.end(text);
};
const refuse = (status: number) => (_request: IncomingMessage, response: ServerResponse) => {
  response.writeHead(status).end();
};

describe('a stream', () => {
  test('starts at the page’s cursor and comes back from the last one it was told', async () => {
    const { stream, requests, messages } = await follow(
      [speakAndEnd('retry: 1\nid: e1.5\ndata: one\n\nid: e1.6\n\n'), speak('id: e1.7\ndata: two\n\n')],
      'e1.4',
    );
    await vi.waitFor(() => expect(messages).toEqual(['one', 'two']));
    expect(requests).toEqual([
      { url: '/live?after=e1.4', lastEventId: 'e1.4' },
      { url: '/live?after=e1.6', lastEventId: 'e1.6' },
    ]);
    await vi.waitFor(() => expect(stream.cursor).toBe('e1.7'));
  });

  test('tries again after a first connection that failed, whatever the answer was', async () => {
    const { messages, states, stream } = await follow([refuse(503), refuse(500), speak('retry: 1\ndata: x\n\n')]);
    const wake = setInterval(() => stream.wake(), 20);
    ends.push(() => clearInterval(wake));
    await vi.waitFor(() => expect(messages).toEqual(['x']));
    expect(states).toEqual(['down', 'live']);
  });

  test('is down when it ends and live only once the server has spoken again', async () => {
    const { states } = await follow([speakAndEnd('retry: 1\ndata: x\n\n'), speak(': only a comment\n\n')]);
    await vi.waitFor(() => expect(states).toEqual(['live', 'down']));
  });

  test('gives up when the session is over, and says so', async () => {
    const { states, stream, requests } = await follow([refuse(401)]);
    await vi.waitFor(() => expect(states).toEqual(['unauthorized']));
    stream.wake();
    expect(requests).toHaveLength(1);
  });

  test('goes on after a message that could not be applied', async () => {
    const server = await follow([speak('data: x\n\n')]);
    await vi.waitFor(() => expect(server.messages).toEqual(['x']));
    const errors = vi.spyOn(console, 'error').mockImplementation(() => {});
    ends.push(() => errors.mockRestore());
    const seen: string[] = [];
    const { requests } = server;
    expect(requests).toHaveLength(1);
    const failing = openStream({
      url: () => 'data:text/event-stream,data:%20bad%0A%0Adata:%20good%0A%0A',
      cursor: undefined,
      onMessage({ data }) {
        if (data === 'bad') throw new Error('cannot be applied');
        seen.push(data);
      },
    });
    ends.push(() => failing.close());
    await vi.waitFor(() => expect(seen).toEqual(['good']));
  });

  test('asks nothing more once it is closed', async () => {
    const { stream, requests, states } = await follow([speakAndEnd('retry: 1\n\n')]);
    await vi.waitFor(() => expect(requests.length).toBeGreaterThan(0));
    stream.close();
    const before = requests.length;
    stream.wake();
    await new Promise((resolve) => setImmediate(resolve));
    expect(requests.length).toBe(before);
    expect(states).not.toContain('live');
  });
});
