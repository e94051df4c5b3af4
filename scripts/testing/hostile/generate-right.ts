import fc from 'fast-check';
import type { Operation, RequestSchema } from './description.ts';
import type { GenerateOptions, Ingredients } from './ingredients.ts';

const MAX_MISSES = 10_000;

/** Requests that are right as far as the description says. */
export function rightIngredients(operation: Operation<unknown>, options: GenerateOptions): fc.Arbitrary<Ingredients> {
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

function rightValue(schema: RequestSchema, options: GenerateOptions, name = ''): fc.Arbitrary<unknown> {
  if (Object.hasOwn(options.known, name)) return options.known[name]!;
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (Array.isArray(schema.type))
    return fc.oneof(...schema.type.map((type) => rightValue({ ...schema, type }, options)));
  switch (schema.type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
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
  let misses = 0;
  const isRight = (text: string) => {
    const right = matches.test(text) && [...text].length >= minLength && [...text].length <= maxLength;
    misses = right ? 0 : misses + 1;
    // A pattern that nothing matches would be tried for ever, and no test's time-out ends a loop.
    if (misses > MAX_MISSES) throw new Error(`nothing was found that matches ${matches}, ${minLength} to ${maxLength}`);
    return right;
  };
  if (format === 'date') {
    const days = fc.date({ min: new Date('1900-01-01'), max: new Date('2999-12-31'), noInvalidDate: true });
    return days.map((day) => day.toISOString().slice(0, 10)).filter(isRight);
  }
  if (format === 'email') return fc.emailAddress().filter(isRight);
  // What generates from patterns knows neither assertions nor properties of characters.
  if (pattern && !/\\p|\(\?[=!<]/.test(pattern)) return fc.stringMatching(new RegExp(pattern)).filter(isRight);
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 200) }).filter(isRight);
}
