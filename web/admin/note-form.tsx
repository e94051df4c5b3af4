import { randomUUID } from 'node:crypto';
import { MAX_NOTE_CHARS } from '../../shared/contracts/note.ts';
import type { Site } from '../deps.ts';
import { teamworkWords } from '../locales/teamwork.ts';

/** A note that could not be taken: what was typed, and what is wrong with it. */
export interface RefusedNote {
  typed: string;
  error: string;
}

/** Stands beside what is replaced when the order changes, so that nobody loses what they are typing. */
export function NoteForm({ site, number, refused }: { site: Site; number: string; refused?: RefusedNote | undefined }) {
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
      <h2>{words.title}</h2>
      <NoteFields site={site} refused={refused} />
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

/** Replaced once the note is written, so that the next one is another. */
export function NoteFields({ site, refused }: { site: Site; refused?: RefusedNote | undefined }) {
  return (
    <div id="note-fields" hx-ignore>
      <input type="hidden" name="id" value={randomUUID()} />
      <textarea
        class="input"
        name="text"
        rows={3}
        maxlength={MAX_NOTE_CHARS}
        required
        aria-label={teamworkWords(site.locale).notes.title}
        aria-describedby={refused ? 'note-error note-hint' : 'note-hint'}
        {...(refused ? { 'aria-invalid': 'true' } : {})}
      >
        {refused?.typed}
      </textarea>
      {refused && (
        <p id="note-error" class="field-error">
          {refused.error}
        </p>
      )}
    </div>
  );
}
