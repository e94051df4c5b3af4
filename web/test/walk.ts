import type { Page, Response } from 'playwright-core';
import { expect } from 'vitest';
import { faultsOf } from './faults-of.ts';

export const LOCALES = ['fr', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

/** Who walks: a page in one language, with what its cookies say anew before each sight. */
export interface Visit {
  page: Page;
  locale: Locale;
  cookies: { name: string; value: string; url: string; sameSite: 'Lax' }[];
}

/**
 * Everything that is to be seen: for each route that draws a page, as `GET /cart`, the states of that page and how one
 * comes there; the page as it usually is comes first. A state that a form's answer shows belongs to the form's route.
 */
export type Sights<V extends Visit> = Record<string, Record<string, (visit: V) => Promise<unknown>>>;

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 900 };
/**
 * A page is loaded once in each language and looked at twice, so that each colour scheme was seen in each language, and
 * each width in each colour scheme. Further states of the page are seen in one language, by turns.
 */
const LOOKS = {
  fr: [
    { size: PHONE, colorScheme: 'light' },
    { size: DESKTOP, colorScheme: 'dark' },
  ],
  en: [
    { size: DESKTOP, colorScheme: 'dark' },
    { size: PHONE, colorScheme: 'light' },
  ],
} as const;

/** A small phone, and one whose letters were made twice as large: WCAG 2.2, 1.4.10 and 1.4.4. */
const NARROW = [
  [320, '100%'],
  [PHONE.width, '200%'],
] as const;

/** By how many pixels the page that stands open is wider than the window with such letters. */
const widened = (letters: string) => `(() => {
  const page = document.documentElement;
  page.style.fontSize = '${letters}';
  const wider = page.scrollWidth - innerWidth;
  page.style.fontSize = '';
  return wider;
})()`;

/** All that a page says, seen or only heard, but for what people have typed, which stands below `hx-ignore`. */
const WORDS = `(() => {
  const words = new Set();
  const say = (text) => /\\p{L}{2}/u.test(text ?? '') && words.add(text.trim());
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) if (!texts.currentNode.parentElement.closest('[hx-ignore], bdi, script')) say(texts.currentNode.data);
  for (const element of document.body.querySelectorAll('[aria-label], [title], [alt], [placeholder], [data-confirm]'))
    if (!element.closest('[hx-ignore]'))
      for (const name of ['aria-label', 'title', 'alt', 'placeholder', 'data-confirm']) say(element.getAttribute(name));
  return [...words];
})()`;

export interface Seen {
  /** A sentence for each thing that is wrong, with the sight where it is. */
  faults: string[];
  /** What each sight says. */
  words: Map<string, string[]>;
}

/** Looks at every sight, one after the other, in both widths and with both colour schemes. */
export async function walk<V extends Visit>(visit: V, sights: Sights<V>): Promise<Seen> {
  const { page, locale } = visit;
  const seen: Seen = { faults: [], words: new Map() };
  const routeOfTitle = new Map<string, string>();
  let say = (fault: string) => void seen.faults.push(fault);
  let answered: Response | undefined;
  page.on('pageerror', ({ message }) => say(message));
  page.on('console', (message) => {
    // A refusal is an answer, and so is none at all; both are logged.
    const isAnswer = /^Failed to load resource|^htmx: htmx:error: Failed to fetch/.test(message.text());
    if (/error|warning/.test(message.type()) && !isAnswer) say(message.text());
  });
  page.on('response', (response) => {
    const isDocument = response.request().isNavigationRequest() && response.frame() === page.mainFrame();
    if (isDocument && (response.status() < 300 || response.status() >= 400)) answered = response;
  });
  const devtools = await page.context().newCDPSession(page);
  devtools.on('Audits.issueAdded', ({ issue }) => {
    // Another site's form brings no cookie of ours, as it should be.
    if (!JSON.stringify(issue.details).includes('ExcludeSameSiteLax'))
      say(`${issue.code} ${JSON.stringify(issue.details)}`);
  });
  await devtools.send('Audits.enable');

  for (const [route, states] of Object.entries(sights)) {
    for (const [i, [state, reach]] of Object.entries(states).entries()) {
      if (i > 0 && LOCALES[i % 2] !== locale) continue;
      const sight = `${route}, ${state}`;
      let look = '';
      say = (fault) => void seen.faults.push(`${locale} ${sight}${look}: ${fault}`);
      await page.unrouteAll();
      await page.context().setOffline(false);
      await page.context().clearCookies();
      await page.context().addCookies(visit.cookies);
      await page.emulateMedia({ media: null, colorScheme: LOOKS[locale][0].colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize(LOOKS[locale][0].size);
      await reach(visit).catch((error: Error) => say(`not reached: ${error.message}`));
      for (const [i, { size, colorScheme }] of LOOKS[locale].entries()) {
        look = ` (${size.width} px, ${colorScheme})`;
        await page.setViewportSize(size);
        await page.emulateMedia({ colorScheme });
        for (const fault of await faultsOf(page, i > 0 ? 'colours' : undefined)) say(fault);
      }
      look = '';
      for (const [width, letters] of NARROW) {
        await page.setViewportSize({ ...PHONE, width });
        const wider = await page.evaluate<number>(widened(letters));
        if (wider > 0) say(`${wider} px wider than a phone of ${width} with letters of ${letters}`);
      }
      if (!answered || !isOf(route, answered)) say(`this is what ${answered?.url()} answered`);
      const lang = await page.getAttribute('html', 'lang');
      if (lang !== locale) say(`says that it is written in ${lang}`);
      const words = await page.evaluate<string[]>(WORDS);
      for (const word of words) if (/undefined|\bnull\b|NaN|\[object|\$\{/.test(word)) say(`says ${word}`);
      seen.words.set(sight, words);
      // What a form's answer shows is often the form's own page.
      if (!route.startsWith('GET')) continue;
      const title = await page.title();
      const other = routeOfTitle.get(title) ?? route;
      if (other !== route) say(`has the title of ${other}: ${title}`);
      routeOfTitle.set(title, route);
    }
  }
  return seen;
}

/** Whether an answer is one of this route; rows that name none are of errors, which any address may answer. */
function isOf(route: string, answer: Response): boolean {
  const [method, path] = route.split(' ') as [string, string | undefined];
  if (!path?.startsWith('/')) return answer.status() >= 400;
  const shape = new RegExp(`^${path.replace(/:\w+(?:\{[^/]*\})?/g, '[^/]+')}$`);
  return answer.request().method() === method && shape.test(new URL(answer.url()).pathname);
}

const SETTLED = `[...document.images].filter((one) => one.getBoundingClientRect().top < innerHeight).every((one) => one.complete)
  && ['live', undefined].includes(document.querySelector('#freshness')?.dataset.state)`;

/** Goes to an address, and waits for its pictures and its stream. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect.poll(() => page.evaluate(SETTLED), { timeout: 20_000, interval: 20 }).toBe(true);
}

/** Sends a form of this site's as a browser without JavaScript does. */
export async function post(page: Page, action: string, fields: readonly (readonly [string, string])[]): Promise<void> {
  // Nothing is lighter to come from.
  await page.goto('/healthz');
  await send(page, action, fields);
}

/** Sends a form from the page that stands open, whosever it is. */
export async function send(page: Page, action: string, fields: readonly (readonly [string, string])[]): Promise<void> {
  const inputs = fields.map(([name, value]) => ({ name, value, type: 'hidden' }));
  await Promise.all([
    page.waitForEvent('load'),
    page.evaluate(`{
      const form = Object.assign(document.createElement('form'), { method: 'post', action: ${JSON.stringify(action)} });
      for (const field of ${JSON.stringify(inputs)}) form.append(Object.assign(document.createElement('input'), field));
      document.body.append(form);
      form.submit();
    }`),
  ]);
}
