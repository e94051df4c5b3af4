import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { MAX_NOTE_CHARS, NoteInput } from '../../shared/contracts/note.ts';
import type { Site, WebDeps, WebEnv } from '../deps.ts';
import { deskWords } from '../locales/desk.ts';
import { type TeamworkWords, teamworkWords } from '../locales/teamwork.ts';
import { readForm } from '../read-form.ts';
import { answerOrder, attempt } from './answer-order.tsx';
import { refusal } from './answers.ts';
import { explainRefusal } from './explain-refusal.ts';

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
      return answerOrder(c, deps, place, { status: 400, text: whatIsWrong(input.error.issues, words) });
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

/** Replaced once the note is written, so that the next one is another. */
function NoteFields({ site }: { site: Site }) {
  return (
    <div id="note-fields">
      <input type="hidden" name="id" value={randomUUID()} />
      <textarea
        class="input"
        name="text"
        rows={3}
        maxlength={MAX_NOTE_CHARS}
        required
        aria-label={teamworkWords(site.locale).notes.title}
        aria-describedby="note-hint"
      />
    </div>
  );
}

/** Stands beside what is replaced when the order changes, so that nobody loses what they are typing. */
export function NoteForm({ site, number }: { site: Site; number: string }) {
  const words = teamworkWords(site.locale).notes;
  const action = `/admin/orders/${number}/notes`;
  return (
    <form
      id="note-form"
      class="card note-form"
      method="post"
      action={action}
      hx-post={action}
      hx-swap="none"
      hx-sync="this:drop"
    >
      <h2 id="note-heading">{words.title}</h2>
      <NoteFields site={site} />
      <div class="note-end">
        <p id="note-hint" class="small muted">
          {words.hint}
        </p>
        <button type="submit" class="button small">
          {words.submit}
        </button>
      </div>
    </form>
  );
}
