import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { PAGE_FAULTS } from './page-faults.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** What may be another once the colour scheme is. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/**
 * What is wrong with the page that stands open, a sentence a fault: all that axe finds in it, and what Lighthouse would
 * say beyond that. The page keeps axe until it is left.
 * @param only `colours`: in the same page after everything was asked once, and its colour scheme has changed
 */
export async function faultsOf(page: Page, only?: 'colours'): Promise<string[]> {
  if (!(await page.evaluate<boolean>("'axe' in globalThis"))) await page.evaluate(AXE);
  const options = {
    resultTypes: ['violations'],
    preload: false,
    performanceTimer: false,
    ...(only && { runOnly: OF_COLOURS }),
  };
  const violations = await page.evaluate<string[]>(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes[0].html + ' ' + nodes[0].failureSummary))`,
  );
  return [...violations, ...(await page.evaluate<string[]>(PAGE_FAULTS))];
}
