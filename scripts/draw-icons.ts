import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from './servers/find-binaries.ts';

// Draws the icons of the installed desk anew from their SVGs: `node scripts/draw-icons.ts`. Launchers want PNGs.

const STATIC = resolve(import.meta.dirname, '../web/static');
const ICONS = [
  ['icon.svg', 'icons/192.png', 192],
  ['icon.svg', 'icons/512.png', 512],
  ['icons/maskable.svg', 'icons/maskable-512.png', 512],
] as const;

const executablePath = findChromium();
if (!executablePath) throw new Error('There is no Chromium here to draw with.');
const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
try {
  for (const [from, to, size] of ICONS) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const svg = await readFile(join(STATIC, from), 'base64');
    await page.setContent(
      `<body style="margin:0"><img src="data:image/svg+xml;base64,${svg}" width="${size}" height="${size}">`,
    );
    await writeFile(join(STATIC, to), await page.screenshot({ omitBackground: true }));
    await page.close();
  }
} finally {
  await browser.close();
}
