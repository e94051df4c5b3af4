import { z } from 'zod';

export const MAX_NOTE_CHARS = 1000;
/** An order that needs more than so many has another problem. */
export const MAX_NOTES_PER_ORDER = 200;

/** Line breaks are kept; no other control characters, and no halves of surrogate pairs. */
const isPrintable = (text: string) => text.isWellFormed() && !/(?!\n|\t)\p{Cc}|\p{Zl}|\p{Zp}/u.test(text);

const LINES = '(?:[\\n\\r\\t]|[^\\p{Cc}\\p{Zl}\\p{Zp}])*';

/** `POST /orders/:number/notes` — what the team writes down about an order. Never shown to the shopper. */
export const NoteInput = z.strictObject({
  /** Drawn by whoever writes it: sent again, it is the same note. */
  id: z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, { error: 'invalid' }),
  text: z
    .string({ error: 'required' })
    .overwrite((text) => text.replace(/\r\n?/g, '\n').normalize('NFC').trim())
    .refine((text) => text !== '', { error: 'required' })
    .refine((text) => [...text].length <= MAX_NOTE_CHARS, { error: 'too_long' })
    .refine(isPrintable, { error: 'invalid' })
    .meta({ minLength: 1, maxLength: MAX_NOTE_CHARS, pattern: `^${LINES}[^\\s\\p{Cc}\\p{Zl}\\p{Zp}]${LINES}$` }),
});
