import fc from 'fast-check';
import type { Operation, RequestSchema } from './description.ts';

/** What a request is made of, before it is written down. */
export interface Ingredients {
  /** Of path, query and headers, by name; a list is sent as the same parameter again and again. */
  parameters: Record<string, string | readonly string[]>;
  /** Absent: no body. */
  body?: unknown;
}

/** Values that no schema can know, by the name of the property or parameter: ids and tokens of what exists. */
export type Known = Record<string, fc.Arbitrary<unknown>>;

interface Options {
  known: Known;
  /** Every optional member is there, and every list holds something. */
  whole?: boolean;
}

/** Requests that are right as far as the description says. */
export function rightIngredients(operation: Operation<unknown>, options: Options): fc.Arbitrary<Ingredients> {
  const parameters = operation.parameters.map(({ name, schema, required }) => {
    const text = rightValue(schema, options, name).map(String);
    return [name, required || options.whole ? text : fc.option(text, { nil: undefined })] as const;
  });
  const given = fc
    .record(Object.fromEntries(parameters))
    .map((all) => Object.fromEntries(Object.entries(all).filter(([, text]) => text !== undefined)));
  const body = operation.body ? rightValue(operation.body, options) : fc.constant(undefined);
  return fc.record({ parameters: given, body }) as fc.Arbitrary<Ingredients>;
}

function rightValue(schema: RequestSchema, options: Options, name = ''): fc.Arbitrary<unknown> {
  if (Object.hasOwn(options.known, name)) return options.known[name]!;
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'integer':
      return integerWithin(schema);
    case 'array':
      return fc.array(rightValue(schema.items ?? {}, options), {
        minLength: Math.max(schema.minItems ?? 0, options.whole ? 1 : 0),
        maxLength: Math.min(schema.maxItems ?? 5, 5),
      });
    case 'object': {
      const properties = Object.entries(schema.properties ?? {}).map(
        ([key, property]) => [key, rightValue(property, options, key)] as const,
      );
      const requiredKeys = options.whole ? Object.keys(schema.properties ?? {}) : [...(schema.required ?? [])];
      return fc.record(Object.fromEntries(properties), { requiredKeys, noNullPrototype: true });
    }
    case 'string':
      return rightText(schema);
    default:
      throw new Error(`nothing is known of ${JSON.stringify(schema)}`);
  }
}

function integerWithin({ minimum = -1000, maximum = 1000 }: RequestSchema): fc.Arbitrary<number> {
  const bounds = { min: BigInt(minimum), max: BigInt(maximum) };
  return fc.bigInt(bounds).map(Number);
}

function rightText({ format, pattern, minLength = 0, maxLength = 50 }: RequestSchema): fc.Arbitrary<string> {
  const matches = new RegExp(pattern ?? '', 'u');
  const isRight = (text: string) => matches.test(text) && [...text].length <= maxLength;
  if (format === 'date') {
    const days = fc.date({ min: new Date('1900-01-01'), max: new Date('2999-12-31'), noInvalidDate: true });
    return days.map((day) => day.toISOString().slice(0, 10)).filter(isRight);
  }
  if (format === 'email') return fc.emailAddress().filter(isRight);
  // What generates from patterns knows neither assertions nor properties of characters.
  if (pattern && !/\\p|\(\?[=!<]/.test(pattern)) return fc.stringMatching(new RegExp(pattern)).filter(isRight);
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 200) }).filter(isRight);
}

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

type Path = readonly (string | number)[];

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

function changeAt(value: unknown, path: Path, change: (value: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  const holder = value as Record<string | number, unknown>;
  // JSON leaves members out that are undefined: so one is taken away.
  holder[key] = changeAt(holder[key], rest, change);
  return holder;
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
    .filter(([type]) => type !== schema.type)
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

/** Anything at all where the description asks for something, right values among it. */
export function anyIngredients(operation: Operation<unknown>, options: Options): fc.Arbitrary<Ingredients> {
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(-1, 0, 1.5, 2 ** 31, 2 ** 53, 1e300, '', '__proto__', "' or 1=1 --", '%00', '\ud800'),
  );
  return fc
    .tuple(
      rightIngredients(operation, { ...options, whole: true }),
      fc.array(fc.tuple(fc.nat(), anything), { maxLength: 3 }),
    )
    .map(([right, changes]) => changes.reduce((made, [place, value]) => replaceSome(made, place, value), right));
}

function replaceSome(made: Ingredients, place: number, value: unknown): Ingredients {
  const paths = made.body === undefined ? [] : pathsOf(made.body, []);
  const names = Object.keys(made.parameters);
  if (paths.length + names.length === 0) return made;
  const at = place % (paths.length + names.length);
  const path = paths[at];
  if (path) return { ...made, body: changeAt(structuredClone(made.body), path, () => value) };
  const name = names[at - paths.length] as string;
  return {
    ...made,
    parameters: { ...made.parameters, [name]: typeof value === 'string' ? value : JSON.stringify(value) },
  };
}

function pathsOf(value: unknown, path: Path): Path[] {
  if (value === null || typeof value !== 'object') return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}
