import type { Page } from 'playwright-core';

/** A form as a page really shows it. */
export interface ShownForm {
  action: string;
  /** Sent in parts, because it has a file in it. */
  hasFile: boolean;
  fields: FormField[];
}

export interface FormField {
  name: string;
  type: string;
  value: string;
  required: boolean;
  /** -1: none. */
  maxLength: number;
  min: string;
  max: string;
}

const READ_FORMS = `[...document.querySelectorAll('form[method="post"]')].map((form) => ({
  action: new URL(form.action).pathname,
  hasFile: form.enctype === 'multipart/form-data',
  // Of several buttons one is pressed.
  fields: [...form.elements]
    .filter(({ name }, i, all) => name && all.findIndex((one) => one.name === name) === i)
    .map(({ name, type, value, required, maxLength = -1, min = '', max = '' }) =>
      ({ name, type, value, required: Boolean(required), maxLength, min, max })),
}))`;

/** Every form of the open page that posts, one for each set of fields; as the browser understands them. */
export async function readForms(page: Page): Promise<ShownForm[]> {
  const forms = await page.evaluate<ShownForm[]>(READ_FORMS);
  const kinds = Map.groupBy(forms, ({ action, fields }) => `${kindOf(action)} ${fields.map(({ name }) => name)}`);
  return [...kinds.values()].map(([first]) => first as ShownForm);
}

const kindOf = (action: string) => action.replace(/CMD-[\w-]+|\d+/g, '*');

/** What stops a browser from sending a form, broken one field at a time: the server has to say no as well. */
export function brokenFields({ fields }: ShownForm): { what: string; field: string; text: string | undefined }[] {
  return fields.flatMap((field) => {
    const { name, type, required, maxLength, min, max } = field;
    const broken = (what: string, text?: string) => ({ what: `${name} ${what}`, field: name, text });
    return [
      ...(required ? [broken('missing'), broken('empty', '')] : []),
      ...(maxLength > 0 ? [broken('too long', 'x'.repeat(maxLength + 1))] : []),
      ...(type === 'email' ? [broken('without a host', 'zoe@'), broken('of two', 'a@b.fr, c@d.fr')] : []),
      ...(type === 'number' ? ['x', '1.5', '1e1', '-1'].map((text) => broken(`of ${text}`, text)) : []),
      ...(min !== '' ? [broken('below its least', String(Number(min) - 1))] : []),
      ...(max !== '' ? [broken('beyond its most', String(Number(max) + 1))] : []),
    ];
  });
}
