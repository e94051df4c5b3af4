import type { Context } from 'hono';
import { Hono } from 'hono';
import { ChangeStatusInput, UndoInput } from '../../shared/contracts/order.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { WebDeps, WebEnv } from '../deps.ts';
import { sendPage } from '../layout.tsx';
import { deskWords, statusWord } from '../locales/desk.ts';
import { teamworkWords } from '../locales/teamwork.ts';
import { readForm } from '../read-form.ts';
import { answerOrder, attempt, readPlace, readVersion } from './answer-order.tsx';
import { refusal } from './answers.ts';
import { answerClaim } from './claim-order.tsx';
import { ConfirmCancelPage } from './confirm-cancel.tsx';
import { explainRefusal } from './explain-refusal.ts';
import { type FormPlace, OrderSteps } from './order-steps.tsx';
import { UndoForm } from './undo-form.tsx';

/**
 * `POST /admin/orders/<number>/status`, from a row of the table and from the order's own page: to another status, or
 * with a claim. `POST …/undo` takes a change of status back.
 */
export function changeStatusRoutes(deps: WebDeps): Hono<WebEnv> {
  const { site, orders } = deps;
  const words = deskWords(site.locale).change;

  return new Hono<WebEnv>()
    .post('/admin/orders/:number/status', async (c) => {
      const form = await readForm(c);
      const place = { number: c.req.param('number'), ...readPlace(form) };
      const claim = form.get('claim');
      if (claim !== undefined) return answerClaim(c, deps, place, claim);
      const wish = readChange(form);
      // Without JavaScript there is no way back, so this asks; an open page has asked already.
      if (wish.status === 'annulee' && form.get('confirmed') !== '1') {
        return sendPage(c, <ConfirmCancelPage site={site} change={{ ...place, ...wish }} />);
      }
      const answer = await attempt(() => orders.changeStatus(c.var.admin.session, place.number, wish));
      if (answer === 'unavailable') return answerOrder(c, deps, place, { status: 503, text: words.unknown });
      if (!answer.ok) return answerRefusal(c, deps, place, answer.problem);
      return answerOrder(c, deps, place, {
        status: 200,
        order: answer.data,
        text: words.done(place.number, statusWord(site.locale, answer.data.status)),
        offer: (order) => <UndoForm site={site} order={order} place={place} class="toast-undo" />,
      });
    })

    .post('/admin/orders/:number/undo', async (c) => {
      const form = await readForm(c);
      const place = { number: c.req.param('number'), ...readPlace(form) };
      const input = UndoInput.safeParse({ version: readVersion(form.get('version')) });
      if (!input.success) throw new HttpProblem(400, 'validation', { detail: 'The form lacks its version.' });
      const answer = await attempt(() => orders.undoChange(c.var.admin.session, place.number, input.data.version));
      if (answer === 'unavailable') return answerOrder(c, deps, place, { status: 503, text: words.unknown });
      if (!answer.ok) return answerRefusal(c, deps, place, answer.problem);
      const status = statusWord(site.locale, answer.data.status);
      return answerOrder(c, deps, place, {
        status: 200,
        order: answer.data,
        text: teamworkWords(site.locale).undo.done(place.number, status),
      });
    });
}

/** Says why, shows the order as it is, and offers what can still be done with it. */
async function answerRefusal(
  c: Context<WebEnv>,
  deps: WebDeps,
  place: FormPlace & { number: string },
  problem: Parameters<typeof explainRefusal>[1],
): Promise<Response> {
  const text = explainRefusal(deps.site, problem);
  if (text === undefined) throw refusal(problem);
  return answerOrder(c, deps, place, {
    status: problem.status === 404 ? 404 : 409,
    text,
    offer: (order) => <OrderSteps site={deps.site} order={order} place={place} small />,
  });
}

function readChange(form: ReadonlyMap<string, string>) {
  const input = ChangeStatusInput.safeParse({
    status: form.get('status'),
    version: readVersion(form.get('version')),
  });
  if (!input.success) throw new HttpProblem(400, 'validation', { detail: 'The form lacks its status or version.' });
  return input.data;
}
