import { Hono } from 'hono';
import type { WebDeps, WebEnv } from '../deps.ts';
import { asks } from '../error-pages.tsx';
import { liveProofWords, milliseconds } from '../locales/live-proof.ts';
import { attempt } from './answer-order.tsx';
import { expectData } from './answers.ts';
import { leaveFlash } from './flash.ts';

/** `POST /admin/trial-orders`: a trial for the page's script, which waits for it on the stream, or for a form alone. */
export function tryOrderRoutes({ site, orders }: WebDeps): Hono<WebEnv> {
  const words = liveProofWords(site.locale);

  return new Hono<WebEnv>().post('/admin/trial-orders', async (c) => {
    const { session } = c.var.admin;
    if (asks(c) === 'program') return c.json(expectData(await orders.tryOrder(session)), 201);
    const answer = await attempt(() => orders.tryOrder(session));
    if (answer === 'unavailable') leaveFlash(c, words.noAnswer);
    else if (answer.ok) leaveFlash(c, words.done(answer.data.number, milliseconds(site.locale, answer.data.storedMs)));
    else if (answer.problem.code === 'too_many_requests') leaveFlash(c, words.tooSoon);
    else if (answer.problem.code === 'out_of_stock') leaveFlash(c, words.nothingForSale);
    else expectData(answer);
    return c.redirect('/admin/orders', 303);
  });
}
