import type { Operation, RequestSchema } from './description.ts';
import { changeAt, type Ingredients, type Path } from './ingredients.ts';

/** One constraint of the description, broken. */
export interface Breakage {
  what: string;
  /** What the refusal has to name: the path of the field, as problems write it. */
  field: string;
  /** Right ingredients that hold everything optional, made wrong. */
  spoil(right: Ingredients): Ingredients;
}

/** Every constraint on a request that can be broken alone, one at a time. */
export function breakages(operation: Operation<unknown>): Breakage[] {
  const inBody = operation.body ? bodyBreakages(operation.body, []) : [];
  const inParameters = operation.parameters
    .filter((parameter) => parameter.in !== 'path')
    .flatMap(({ name, in: place, schema, required }) => {
      const put = (what: string, value: string | readonly string[]): Breakage => ({
        what: `${name} ${what}`,
        field: name,
        spoil: (right) => ({ ...right, parameters: { ...right.parameters, [name]: value } }),
      });
      const without: Breakage = {
        what: `without ${name}`,
        field: name,
        spoil: ({ parameters: { [name]: _, ...parameters }, ...right }) => ({ ...right, parameters }),
      };
      return [
        // Control characters in a header are the parser's to refuse, and have cases of their own.
        ...wrongTexts(schema)
          .filter(([, text]) => place !== 'header' || !/\p{Cc}/u.test(text))
          .map(([what, text]) => put(what, text)),
        ...(required ? [without] : []),
        ...(schema.type === 'integer' ? [put('twice', ['1', '2'])] : []),
      ];
    });
  return [...inBody, ...inParameters];
}

function bodyBreakages(schema: RequestSchema, path: Path): Breakage[] {
  const found: Breakage[] = wrongValues(schema).map(([what, value]) => breakage(what, path, () => value));
  for (const name of schema.required ?? []) {
    found.push(breakage('missing', [...path, name], () => undefined));
  }
  if (schema.additionalProperties === false) found.push(breakage('unknown', [...path, 'surprise'], () => 1));
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    found.push(...bodyBreakages(property, [...path, name]));
  }
  if (schema.type === 'array') {
    const { minItems = 0, maxItems, items } = schema;
    if (minItems > 0) found.push(breakage('too short', path, () => []));
    if (maxItems) {
      found.push(breakage('too long', path, (list) => Array(maxItems + 1).fill((list as unknown[])[0])));
    }
    if (items) found.push(...bodyBreakages(items, [...path, 0]));
  }
  return found;
}

function breakage(what: string, path: Path, change: (value: unknown) => unknown): Breakage {
  return {
    what: `${path.join('.') || 'body'} ${what}`,
    field: path.join('.'),
    spoil: ({ body, ...right }) => ({ ...right, body: changeAt(structuredClone(body), path, change) }),
  };
}

const SAMPLES: Record<string, unknown> = {
  null: null,
  boolean: true,
  integer: 1,
  number: 1.5,
  string: '1',
  array: [],
  object: {},
};

function wrongValues(schema: RequestSchema): [what: string, value: unknown][] {
  const wrong: [string, unknown][] = Object.entries(SAMPLES)
    .filter(([type]) => ![schema.type].flat().includes(type))
    .map(([type, value]) => [`as ${type}`, value]);
  if (schema.minimum !== undefined) wrong.push(['too small', schema.minimum - 1]);
  if (schema.maximum !== undefined) wrong.push(['too large', schema.maximum + 1]);
  if (schema.type === 'string') wrong.push(...wrongStrings(schema));
  return wrong;
}

function wrongStrings({ enum: words, minLength = 0, maxLength, pattern, format }: RequestSchema): [string, string][] {
  const wrong: [string, string][] = [];
  if (words) wrong.push(['of no such word', 'x'], ['in capitals', String(words[0]).toUpperCase()], ['empty', '']);
  if (minLength > 0) wrong.push(['too short', '']);
  if (maxLength) wrong.push(['too long', 'x'.repeat(maxLength + 1)]);
  if (pattern) {
    const matches = new RegExp(pattern, 'u');
    const other = ['a\0b', '\u{1f41d}', '-', '+1,2'].filter((text) => !matches.test(text));
    wrong.push(...other.map((text): [string, string] => ['of another form', text]));
  }
  if (format === 'date') wrong.push(['of no such day', '2026-02-30'], ['of an instant', '2026-02-20T00:00:00Z']);
  if (format === 'email') wrong.push(['without a host', 'zoe@'], ['of two', 'a@b.fr,c@d.fr']);
  return wrong;
}

function wrongTexts(schema: RequestSchema): [what: string, text: string][] {
  if (schema.type === 'string') return wrongStrings(schema);
  const { minimum = 0, maximum = 0 } = schema;
  const tooMuch = maximum < Number.MAX_SAFE_INTEGER ? String(maximum + 1) : '9007199254740992';
  return ['', 'x', '1.5', '1e1', '0x1', '+1', ' 1', '01', 'null', String(minimum - 1), tooMuch].map((text) => [
    `as «${text}»`,
    text,
  ]);
}
