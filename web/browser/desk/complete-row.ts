import type { Status } from '../../../shared/contracts/status.ts';
import { renderControls } from '../../fragments/order-controls.ts';
import { ROW_WORDS } from '../../locales/desk-row.ts';
import { locale } from './words.ts';

const words = ROW_WORDS[locale];

/**
 * Makes of a row that tells of its order one with which something can be done, as the server draws those of a page:
 * the stream brings rows bare. A whole row stays as it is.
 *
 * @param view of the table that the row comes into
 */
export function completeRow(row: HTMLElement, view: string): void {
  if (row.hasAttribute('role')) return;
  const { id = '', number = '', version = '', status, claim } = row.dataset;
  const facts = { id, number, version, status: status as Status, isClaimed: claim !== undefined };
  const controls = renderControls(facts, words);
  const [steps, end] = controls.steps;
  const within = {
    '.order-pick': controls.pick,
    '.order-number': controls.number,
    '.order-claim': controls.claim,
    '.order-steps': steps && `${steps}${view}${end}`,
  };
  for (const [place, html] of Object.entries(within)) row.querySelector(place)?.insertAdjacentHTML('beforeend', html);
  row.setAttribute('role', 'row');
  for (const cell of row.children) cell.setAttribute('role', 'cell');
}
