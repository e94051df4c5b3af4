import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../servers/find-binaries.ts';
import { atEnd, testDirectory } from './test-guard.ts';

/**
 * A headless Chromium with a profile of its own, ended with the test file. Contexts (`browser.newContext()`)
 * are separate visitors. All its traffic stays on this machine: what browsers ask the world for is off.
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('There is no Chromium here. `npm test` installs what is missing.');
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    env: { PATH: process.env.PATH ?? '', HOME: testDirectory(), LANG: 'C.UTF-8' },
    args: [
      // Chromium's own sandbox does not work as root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  atEnd(() => browser.close());
  return browser;
}
