import { Hono } from 'hono';
import { MAX_NOTE_CHARS, NoteInput } from '../../shared/contracts/note.ts';
import type { WebDeps, WebEnv } from '../deps.ts';
import { asks } from '../error-pages.tsx';
import { sendPage } from '../layout.tsx';
import { deskWords } from '../locales/desk.ts';
import { type TeamworkWords, teamworkWords } from '../locales/teamwork.ts';
import { readForm } from '../read-form.ts';
import { answerOrder, attempt } from './answer-order.tsx';
import { expectData, refusal } from './answers.ts';
import { explainRefusal } from './explain-refusal.ts';
import { NoteFields } from './note-form.tsx';
import { OrderPage } from './order-page.tsx';

/** `POST /admin/orders/<number>/notes`, from the order's own page. */
export function noteOrderRoutes(deps: WebDeps): Hono<WebEnv> {
  const { site, orders } = deps;
  const words = teamworkWords(site.locale).notes;
  return new Hono<WebEnv>().post('/admin/orders/:number/notes', async (c) => {
    const form = await readForm(c);
    const number = c.req.param('number');
    const place = { number, view: 'all', onOrderPage: true } as const;
    const input = NoteInput.safeParse({ id: form.get('id'), text: form.get('text') });
    if (!input.success) {
      const error = whatIsWrong(input.error.issues, words);
      if (asks(c) === 'part') return answerOrder(c, deps, place, { status: 400, text: error });
      const detail = expectData(await orders.orderByNumber(c.var.admin.session, number));
      const refused = { typed: form.get('text') ?? '', error };
      return sendPage(c, <OrderPage deps={deps} admin={c.var.admin} detail={detail} refused={refused} />, 400);
    }
    const answer = await attempt(() => orders.noteOrder(c.var.admin.session, number, input.data));
    if (answer === 'unavailable') {
      return answerOrder(c, deps, place, { status: 503, text: deskWords(site.locale).change.unknown });
    }
    if (answer.ok) {
      const also = (
        <hx-partial hx-target="#note-fields" hx-swap="outerHTML">
          <NoteFields site={site} />
        </hx-partial>
      );
      return answerOrder(c, deps, place, { status: 200, order: answer.data, text: words.done, also });
    }
    const text = answer.problem.code === 'too_many_notes' ? words.tooMany : explainRefusal(site, answer.problem);
    if (text === undefined) throw refusal(answer.problem);
    return answerOrder(c, deps, place, { status: answer.problem.status === 404 ? 404 : 409, text });
  });
}

function whatIsWrong(
  issues: readonly { path: PropertyKey[]; message: string }[],
  words: TeamworkWords['notes'],
): string {
  const { message } = issues.find(({ path }) => path[0] === 'text') ?? { message: 'invalid' };
  if (message === 'required') return words.required;
  return message === 'too_long' ? words.tooLong(MAX_NOTE_CHARS) : words.invalid;
}
