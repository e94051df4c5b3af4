import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../servers/free-port.ts';
import { startChild } from '../supervise/child.ts';
import type { Guard } from '../supervise/guard.ts';
import { eventually } from './eventually.ts';
import type { Browser, Tab } from './tab.ts';

const COMMAND_MS = 30_000;

export interface WebKitCommands {
  /** WebKitWebDriver, which knows its browser. */
  driver: string;
  /** Xvfb, for a screen that nobody sees. */
  screen: string;
}

/** Starts the WebKit of GTK, and speaks to it through its driver: https://www.w3.org/TR/webdriver2/ */
export async function startWebKit(guard: Guard, commands: WebKitCommands): Promise<Browser> {
  const home = mkdtempSync(join(tmpdir(), 'msp-webkit-'));
  guard.removeAtEnd(home);
  const start = (name: 'screen' | 'driver', args: string[], env: Record<string, string>) =>
    startChild({
      guard,
      name,
      stage: name === 'screen' ? 'server' : 'service',
      command: commands[name],
      args,
      env: { PATH: process.env.PATH, HOME: home, ...env },
      output: { file: join(home, name) },
    });
  const screen = start('screen', ['-displayfd', '1', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], {});
  const display = await eventually('Xvfb', async () => /^\d+$/m.exec(readFileSync(join(home, 'screen'), 'utf8'))?.[0]);
  const port = await freePort();
  const driver = start('driver', [`--port=${port}`], { DISPLAY: `:${display}` });
  const url = `http://127.0.0.1:${port}`;
  await eventually('WebKitWebDriver', async () => (await fetch(`${url}/status`)).ok);
  const { sessionId, capabilities } = (await ask('POST', `${url}/session`, {
    capabilities: {},
  })) as { sessionId: string; capabilities: { browserVersion: string } };
  const session = `${url}/session/${sessionId}`;
  return {
    name: `WebKitGTK ${capabilities.browserVersion}`,
    async newTab() {
      // A tab behind another one would never be drawn.
      const { handle } = (await ask('POST', `${session}/window/new`, { type: 'window' })) as { handle: string };
      return tabOf(session, handle);
    },
    // Its driver passes nothing on of what the console says.
    complaints: () => [],
    async close() {
      await ask('DELETE', session);
      await driver.stop();
      await screen.stop();
    },
  };
}

function tabOf(session: string, handle: string): Tab {
  async function command(method: string, path: string, body?: object): Promise<unknown> {
    await ask('POST', `${session}/window`, { handle });
    return ask(method, session + path, body);
  }
  return {
    open: (url) => command('POST', '/url', { url }),
    evaluate: (expression) => command('POST', '/execute/sync', { script: `return (${expression})`, args: [] }),
    act: (source) => command('POST', '/actions', { actions: [source] }),
    resize: (width, height) => command('POST', '/window/rect', { width, height }),
    screenshot: async () => Buffer.from((await command('GET', '/screenshot')) as string, 'base64'),
  };
}

async function ask(method: string, url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { 'Content-Type': 'application/json' },
    signal: AbortSignal.timeout(COMMAND_MS),
    ...(body && { body: JSON.stringify(body) }),
  });
  const { value } = (await response.json()) as { value: { error?: string; message?: string } };
  if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}
