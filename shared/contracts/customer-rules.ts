/**
 * The rules for what a shopper types, without the library that the schemas are made of: a browser applies the very
 * same ones while the shopper types, and pays a kilobyte for it.
 */
export const MAX_NAME_CHARS = 120;
export const MAX_EMAIL_CHARS = 254;
export const MAX_PHONE_CHARS = 32;
export const MAX_NOTES_CHARS = 1000;

export const CUSTOMER_FIELDS = ['name', 'email', 'phone', 'notes'] as const;
export type CustomerField = (typeof CUSTOMER_FIELDS)[number];

/** Words, not sentences: programs may compare them, pages translate them. */
export type FieldProblem = 'required' | 'too_long' | 'invalid';

/** As HTML's own e-mail fields, and in addition a domain with a dot, neither end of the name nor two in a row being one. */
export const EMAIL =
  /^(?:[A-Za-z0-9_'+-]+\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$/;
export const PHONE = /^(?:\+?[0-9(][0-9 ().\-/]{4,30}[0-9)])?$/;

/** Composed letters are kept composed (NFC), so that a name is found however the keyboard wrote it. */
export const tidyText = (text: string): string => text.trim().normalize('NFC').replace(/\r\n?/g, '\n');

/** What is wrong with a field that has been tidied; undefined when nothing is. */
export const CUSTOMER_RULES: Record<CustomerField, (text: string) => FieldProblem | undefined> = {
  name(text) {
    if (!/[\p{L}\p{N}]/u.test(text)) return 'required';
    if (!isAtMost(MAX_NAME_CHARS, text)) return 'too_long';
    return isPrintable(text) ? undefined : 'invalid';
  },
  email(text) {
    if (text === '') return 'required';
    if (text.length > MAX_EMAIL_CHARS) return 'too_long';
    return EMAIL.test(text) ? undefined : 'invalid';
  },
  phone(text) {
    if (text.length > MAX_PHONE_CHARS) return 'too_long';
    return PHONE.test(text) ? undefined : 'invalid';
  },
  notes(text) {
    if (!isAtMost(MAX_NOTES_CHARS, text)) return 'too_long';
    return isPrintable(text.replace(/[\n\t]/g, ' ')) ? undefined : 'invalid';
  },
};

/** Characters as a person counts them, nearly: code points, so that an emoji is not two. */
export const isAtMost = (max: number, text: string): boolean => [...text].length <= max;

/** No control characters, and no halves of surrogate pairs. */
export const isPrintable = (text: string): boolean => text.isWellFormed() && !/\p{Cc}|\p{Zl}|\p{Zp}/u.test(text);
