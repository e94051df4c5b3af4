import { z } from 'zod';
import { isAtMost, isPrintable, tidyText } from './customer-rules.ts';

export const MAX_VIEW_NAME_CHARS = 60;
export const MAX_VIEW_QUERY_CHARS = 1000;
/** Of one admin. */
export const MAX_SAVED_VIEWS = 30;

const PRINTABLE = '[^\\p{Cc}\\p{Zl}\\p{Zp}]*';

/** A filter of the order table that an admin has given a name. */
export const SavedViewInput = z.strictObject({
  name: z
    .string()
    .overwrite(tidyText)
    .refine((name) => name !== '', { error: 'required' })
    .refine((name) => isAtMost(MAX_VIEW_NAME_CHARS, name), { error: 'too_long' })
    .refine(isPrintable, { error: 'invalid' })
    .meta({
      minLength: 1,
      maxLength: MAX_VIEW_NAME_CHARS,
      pattern: `^${PRINTABLE}[^\\s\\p{Cc}\\p{Zl}\\p{Zp}]${PRINTABLE}$`,
    }),
  /** The query of the table's address. The pages alone know what it says, and may learn more of it later. */
  query: z
    .string()
    .min(1)
    .max(MAX_VIEW_QUERY_CHARS)
    .regex(/^[\x21-\x7e]+$/),
});
export type SavedViewInput = z.infer<typeof SavedViewInput>;

export const SavedView = z.object({ id: z.int().min(1), name: z.string(), query: z.string() });
export type SavedView = z.infer<typeof SavedView>;
/** `GET /views` — an admin's own, by name. */
export const SavedViewList = z.object({ views: z.array(SavedView) });
