import type { Findings } from './findings.ts';
import type { DeskEntry, History } from './index-history.ts';

/** Guarantee 10: nothing is announced twice, or after it has been on the screen; and no answer holds a row twice. */
export function checkAnnounced({ desks }: History, findings: Findings): void {
  for (const [desk, entries] of desks) checkDesk(desk, entries, findings);
}

function checkDesk(desk: string, entries: readonly DeskEntry[], findings: Findings): void {
  const known = new Set<string>();
  for (const entry of entries) {
    if (entry.e !== 'frame' && entry.e !== 'reload') continue;
    const doubled = (text: string) =>
      findings.add({ guarantee: 10, kind: 'doubled', text, t: entry.t, evidence: entry });
    const announced = (entry.e === 'frame' && entry.announced) || [];
    for (const number of announced) {
      if (known.has(number)) doubled(`${desk} announced ${number}, which it had shown or announced before`);
      known.add(number);
    }
    const numbers = (entry.rows ?? []).map(({ number }) => number);
    if (new Set(numbers).size < numbers.length) doubled(`${desk} was given the same row twice at once`);
    for (const number of numbers) known.add(number);
  }
}
