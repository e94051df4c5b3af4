import type { Status } from '../../shared/contracts/status.ts';
import { TRANSITIONS } from '../../shared/contracts/transitions.ts';
import type { RowWords } from '../locales/desk-row.ts';

/** What a row says of its order to whoever draws what can be done with it. */
export interface RowFacts {
  id: string | number;
  number: string;
  version: string | number;
  status: Status;
  isClaimed: boolean;
}

/** What stands in a row beside what it tells: HTML for the ends of its cells, by the name of the cell. */
export interface OrderControls {
  pick: string;
  /** Badges; they wait there until the page finds the order new, or out of the filter. */
  number: string;
  claim: string;
  /** Around the view that the order is changed in. */
  steps: readonly [string, string];
}

/**
 * What an admin can do with an order in its row.
 *
 * The server draws it into the rows of a page, which are whole without JavaScript, and the page's script into the rows
 * that the stream brings (desk/complete-row.ts): there it would be two thirds of the bytes, and says nothing new.
 */
export function renderControls({ id, number, version, status, isClaimed }: RowFacts, words: RowWords): OrderControls {
  const pick = `<input type="checkbox" form="bulk" name="order" value="${number}:${version}" data-part="pick" aria-label="${words.pick(number)}">`;
  const badges = `<span class="badge order-new">${words.fresh}</span><span class="badge order-left">${words.left}</span>`;
  const steps = TRANSITIONS[status];
  if (steps.length === 0) return { pick, number: badges, claim: '', steps: ['', ''] };
  const name = `<span class="visually-hidden"> ${words.ofOrder(number)}</span>`;
  const [claim, claimWord] = isClaimed ? ['over', words.takeOver] : ['take', words.take];
  const action = `/admin/orders/${number}/status`;
  const buttons = steps.map((step) =>
    step === 'annulee'
      ? `<button name="status" value="annulee" class="button plain small" data-part="cancel" data-confirm="${words.confirmCancel(number)}">${words.step.annulee}${name}</button>`
      : `<button name="status" value="${step}" class="button primary small" data-part="next">${words.step[step]}${name}</button>`,
  );
  return {
    pick,
    number: badges,
    claim: `<button form="steps-${id}" name="claim" value="${claim}" data-part="claim">${claimWord}${name}</button>`,
    // The version seen goes with the change, so that two admins never overwrite each other unawares.
    steps: [
      `<form id="steps-${id}" method="post" action="${action}" hx-post="${action}" hx-swap="none" hx-sync="this:drop">` +
        `<input type="hidden" name="version" value="${version}"><input type="hidden" name="view" value="`,
      `">${buttons.join('')}</form>`,
    ],
  };
}
