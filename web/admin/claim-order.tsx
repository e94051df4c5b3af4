import type { Context } from 'hono';
import { Hono } from 'hono';
import { MAX_RENEWED_CLAIMS } from '../../shared/contracts/claim.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { WebDeps, WebEnv } from '../deps.ts';
import { deskWords } from '../locales/desk.ts';
import { teamworkWords } from '../locales/teamwork.ts';
import { readForm } from '../read-form.ts';
import { answerOrder, attempt } from './answer-order.tsx';
import { expectData, refusal } from './answers.ts';
import { explainRefusal } from './explain-refusal.ts';
import { type FormPlace, PlaceFields } from './order-steps.tsx';

/** «Prendre», «Reprendre» and «Libérer», from a row and from the order's own page. */
export async function answerClaim(
  c: Context<WebEnv>,
  deps: WebDeps,
  place: FormPlace & { number: string },
  claim: string,
): Promise<Response> {
  const { site, orders } = deps;
  const { session } = c.var.admin;
  const { number } = place;
  const words = teamworkWords(site.locale).claim;
  if (claim !== 'take' && claim !== 'over' && claim !== 'release') {
    throw new HttpProblem(400, 'validation', { detail: 'The form says nothing that can be done.' });
  }
  const answer = await attempt(() =>
    claim === 'release' ? orders.releaseClaim(session, number) : orders.claimOrder(session, number, claim === 'over'),
  );
  if (answer === 'unavailable') {
    return answerOrder(c, deps, place, { status: 503, text: deskWords(site.locale).change.unknown });
  }
  if (answer.ok) {
    const text = claim === 'release' ? words.released(number) : words.taken(number);
    return answerOrder(c, deps, place, { status: 200, order: answer.data, text });
  }
  const text = explainRefusal(site, answer.problem);
  if (text === undefined) throw refusal(answer.problem);
  const action = `/admin/orders/${number}/status`;
  return answerOrder(c, deps, place, {
    status: answer.problem.status === 404 ? 404 : 409,
    text,
    ...(answer.problem.code === 'already_claimed' && {
      offer: () => (
        <form method="post" action={action} hx-post={action} hx-swap="none" hx-sync="this:drop">
          <PlaceFields place={place} />
          <button type="submit" name="claim" value="over" class="button small">
            {words.takeOver}
          </button>
        </form>
      ),
    }),
  });
}

/** `POST /admin/claims`, which an open page says every 20 s of the orders that it holds; answers those that it still does. */
export function renewClaimsRoutes({ orders }: WebDeps): Hono<WebEnv> {
  return new Hono<WebEnv>().post('/admin/claims', async (c) => {
    const numbers = ((await readForm(c)).get('numbers') ?? '')
      .split(',')
      .filter((number) => /^[\w-]{1,32}$/.test(number));
    const renewed = await orders.renewClaims(c.var.admin.session, numbers.slice(0, MAX_RENEWED_CLAIMS));
    return c.json(expectData(renewed));
  });
}
