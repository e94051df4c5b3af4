import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../servers/free-port.ts';
import { startChild } from '../supervise/child.ts';
import type { Guard } from '../supervise/guard.ts';
import { eventually } from './eventually.ts';
import type { Browser, Tab } from './tab.ts';

const COMMAND_MS = 30_000;
/** Nothing is asked of the world: all but this machine is behind a proxy that does not exist. */
const PREFERENCES = `
user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "127.0.0.1");
user_pref("network.proxy.http_port", 9);
user_pref("network.proxy.ssl", "127.0.0.1");
user_pref("network.proxy.ssl_port", 9);
user_pref("media.autoplay.default", 1);
`;

/** Starts Firefox without a window, and speaks to it as it understands by itself: https://w3c.github.io/webdriver-bidi/ */
export async function startFirefox(guard: Guard, command: string): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'msp-firefox-'));
  guard.removeAtEnd(profile);
  writeFileSync(join(profile, 'user.js'), PREFERENCES);
  const port = await freePort();
  const child = startChild({
    guard,
    name: 'firefox',
    stage: 'service',
    command,
    args: ['--headless', '--no-remote', '--profile', profile, `--remote-debugging-port=${port}`],
    env: { PATH: process.env.PATH, HOME: profile },
    output: { file: join(profile, 'log') },
  });
  const bidi = speakTo(await eventually('Firefox', () => openSocket(`ws://127.0.0.1:${port}/session`)));
  const { capabilities } = await bidi.send('session.new', { capabilities: {} });
  await bidi.send('session.subscribe', { events: ['log.entryAdded'] });
  return {
    name: `Firefox ${capabilities.browserVersion}`,
    newTab: async () => tabOf(bidi, (await bidi.send('browsingContext.create', { type: 'tab' })).context),
    complaints: () => bidi.complaints,
    async close() {
      bidi.close();
      await child.stop();
    },
  };
}

function tabOf({ send }: Bidi, context: string): Tab {
  return {
    open: (url) => send('browsingContext.navigate', { context, url, wait: 'complete' }),
    async evaluate(expression) {
      const answer = await send('script.evaluate', {
        expression: `(async () => JSON.stringify((await (${expression})) ?? null))()`,
        target: { context },
        awaitPromise: true,
      });
      if (answer.type === 'exception') throw new Error(answer.exceptionDetails.text);
      return JSON.parse(answer.result.value);
    },
    act: (source) => send('input.performActions', { context, actions: [source] }),
    resize: (width, height) => send('browsingContext.setViewport', { context, viewport: { width, height } }),
    async screenshot() {
      return Buffer.from((await send('browsingContext.captureScreenshot', { context })).data, 'base64');
    },
  };
}

interface Bidi {
  // biome-ignore lint/suspicious/noExplicitAny: answers have as many shapes as there are commands
  send(method: string, params: object): Promise<any>;
  complaints: readonly string[];
  close(): void;
}

function speakTo(socket: WebSocket): Bidi {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const complaints: string[] = [];
  let last = 0;
  socket.addEventListener('message', ({ data }) => {
    const { id, type, result, message, method, params } = JSON.parse(data as string);
    if (method === 'log.entryAdded' && params.level === 'error') complaints.push(params.text);
    const asked = waiting.get(id);
    waiting.delete(id);
    if (type === 'error') asked?.reject(new Error(message));
    else asked?.resolve(result);
  });
  return {
    send(method, params) {
      last += 1;
      const asked = Promise.withResolvers<unknown>();
      waiting.set(last, asked);
      socket.send(JSON.stringify({ id: last, method, params }));
      const timer = setTimeout(() => asked.reject(new Error(`Firefox does not answer ${method}.`)), COMMAND_MS);
      return asked.promise.finally(() => clearTimeout(timer));
    },
    complaints,
    close: () => socket.close(),
  };
}

function openSocket(url: string): Promise<WebSocket | undefined> {
  const socket = new WebSocket(url);
  return new Promise((resolve) => {
    socket.addEventListener('open', () => resolve(socket));
    socket.addEventListener('error', () => resolve(undefined));
  });
}
