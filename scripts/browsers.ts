/**
 * `npm run browsers`: the main way through shop and desk in the engines that the tests do not drive, Firefox and WebKit,
 * whichever is installed.
 *
 *   npm run browsers [-- --shots folder]
 *
 * Firefox is spoken to without a driver. WebKit comes with Debian's packages webkit2gtk-driver and xvfb; it is what
 * Safari is made of. A shop of its own is started as `npm start` does it, in a folder that goes with it. `--shots`
 * leaves a picture of what stood in each window at the end. Exits 1 when something is not as it should be.
 */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { eventually } from './browsers/eventually.ts';
import { startFirefox } from './browsers/firefox.ts';
import type { Browser, Tab } from './browsers/tab.ts';
import { type Shop, walk } from './browsers/walk.ts';
import { startWebKit } from './browsers/webkit.ts';
import { findProgram } from './servers/find-binaries.ts';
import { freePort } from './servers/free-port.ts';
import { isReady } from './servers/is-ready.ts';
import { tail } from './servers/server-failure.ts';
import { type Child, startChild } from './supervise/child.ts';
import { followParent } from './supervise/follow-parent.ts';
import { Guard } from './supervise/guard.ts';

const guard = new Guard();
const calledOff = new Promise<never>((_, reject) => {
  const callOff = () => reject(new Error('Called off.'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, callOff);
  followParent(callOff);
});
try {
  const { values } = parseArgs({ options: { shots: { type: 'string' } } });
  await Promise.race([calledOff, main(values.shots)]);
} catch (error) {
  console.error(`Browsers: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
await guard.close();
process.exit();

async function main(shots: string | undefined): Promise<void> {
  const browsers = installed();
  if (browsers.length === 0) throw new Error('Neither Firefox is here nor WebKitWebDriver with Xvfb.');
  const { child, ...shop } = await startShop();
  for (const start of browsers) {
    const browser = await start();
    console.log(browser.name);
    const windows = await walk(browser, shop, { saw: (what) => console.log(`  ✓ ${what}`) });
    if (shots) await keepShots(join(resolve(shots), browser.name), windows);
    await browser.close();
  }
  await child.stop();
}

async function keepShots(folder: string, windows: Record<string, Tab>): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const [name, window] of Object.entries(windows)) {
    writeFileSync(join(folder, `${name}.png`), await window.screenshot());
  }
}

function installed(): (() => Promise<Browser>)[] {
  const firefox = findProgram(['firefox', 'firefox-esr']);
  const driver = findProgram(['WebKitWebDriver']);
  const screen = findProgram(['Xvfb']);
  return [
    ...(firefox ? [() => startFirefox(guard, firefox)] : []),
    ...(driver && screen ? [() => startWebKit(guard, { driver, screen })] : []),
  ];
}

async function startShop(): Promise<Shop & { child: Child }> {
  const admin = { email: 'admin@msp.example', password: 'correct horse battery staple' };
  const home = mkdtempSync(join(tmpdir(), 'msp-browsers-'));
  guard.removeAtEnd(home);
  const log = join(home, 'start.log');
  const [web, orders, notifier] = [await freePort(), await freePort(), await freePort()];
  const child = startChild({
    guard,
    name: 'shop',
    stage: 'service',
    command: process.execPath,
    args: [join(import.meta.dirname, 'start.ts')],
    env: {
      PATH: process.env.PATH,
      SERVER_PATH: process.env.SERVER_PATH,
      MSP_INSTALL: 'never',
      DATA_DIR: home,
      WEB_PORT: String(web),
      ORDERS_PORT: String(orders),
      NOTIFIER_PORT: String(notifier),
      ADMIN_EMAIL: admin.email,
      ADMIN_PASSWORD: admin.password,
    },
    output: { file: log },
  });
  const url = `http://localhost:${web}`;
  const failed = child.exited.then(async () => Promise.reject(new Error(`The shop ended.\n${await tail(log, 12)}`)));
  await Promise.race([failed, eventually('A shop that is ready', () => isReady(url))]);
  failed.catch(() => {});
  return { url, admin, child };
}
