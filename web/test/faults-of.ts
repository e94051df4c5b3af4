import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/**
 * What is wrong with the page that stands open, a sentence a fault: all that axe finds in it, or in a part of it, and
 * whether it has to be moved sideways to be seen whole. Our pages have no frames, so axe may do without the blank page
 * in which it would put together what it found in each, and need not describe what is right.
 */
export async function faultsOf(page: Page, part?: string): Promise<string[]> {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();
  if (part) axe.include(part);
  const { violations } = await axe.analyze();
  const overflow = (await page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number;
  return [
    ...violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
    ...(overflow > 0 ? [`${overflow} px wider than the window`] : []),
  ];
}
