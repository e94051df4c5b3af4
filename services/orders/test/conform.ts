/** The part of JSON Schema that our API description uses. */
export interface Schema {
  type?: string | string[];
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
}

const KNOWN = new Set([
  'type',
  'enum',
  'properties',
  'required',
  'items',
  'minimum',
  'maximum',
  'maxLength',
  'pattern',
  'format',
  // For members that an older process leaves out; the value is checked like any other.
  'default',
]);

/**
 * Where a value is not as the schema says, fields that the schema does not name included.
 * @throws on a keyword it does not know, lest it pass over what it cannot check
 */
export function violations(schema: Schema, value: unknown, path = ''): string[] {
  const unknown = Object.keys(schema).filter((keyword) => !KNOWN.has(keyword));
  if (unknown.length > 0) throw new Error(`cannot check ${unknown} at ${path}`);
  const found: string[] = [];
  const must = (holds: boolean, what: string) => void (holds || found.push(`${path || '/'} ${what}`));
  if (schema.type)
    must([schema.type].flat().includes(typeOf(value)) || isIntegerAsNumber(schema, value), `is ${typeOf(value)}`);
  if (schema.enum) must(schema.enum.includes(value), `is ${value}`);
  if (typeof value === 'number') {
    must(value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity), 'is out of bounds');
  }
  if (typeof value === 'string') {
    must(value.length <= (schema.maxLength ?? Infinity), 'is too long');
    if (schema.pattern) must(new RegExp(schema.pattern).test(value), 'has another form');
    if (schema.format === 'date-time') must(new Date(value).toISOString() === value, 'is no instant');
  }
  if (Array.isArray(value))
    found.push(...value.flatMap((item, i) => violations(schema.items ?? {}, item, `${path}/${i}`)));
  else if (value !== null && typeof value === 'object') {
    for (const name of schema.required ?? []) must(name in value, `lacks ${name}`);
    for (const [name, field] of Object.entries(value)) {
      const property = schema.properties?.[name];
      if (property) found.push(...violations(property, field, `${path}/${name}`));
      else must(false, `has ${name}, of which nothing is said`);
    }
  }
  return found;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

const isIntegerAsNumber = (schema: Schema, value: unknown) =>
  [schema.type].flat().includes('number') && Number.isInteger(value);
