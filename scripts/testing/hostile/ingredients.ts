import type fc from 'fast-check';

/** What a request is made of, before it is written down. */
export interface Ingredients {
  /** Of path, query and headers, by name; a list is sent as the same parameter again and again. */
  parameters: Record<string, string | readonly string[]>;
  /** Absent: no body. */
  body?: unknown;
}

/** Values that no schema can know, by the name of the property or parameter: ids and tokens of what exists. */
export type Known = Record<string, fc.Arbitrary<unknown>>;

export interface GenerateOptions {
  known: Known;
  /** Every optional member is there, and every list holds something. */
  whole?: boolean;
}

/** Where a value stands in a body. */
export type Path = readonly (string | number)[];

/** The value with what stands at the path changed, in place. */
export function changeAt(value: unknown, path: Path, change: (value: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  const holder = value as Record<string | number, unknown>;
  // JSON leaves members out that are undefined: so one is taken away.
  holder[key] = changeAt(holder[key], rest, change);
  return holder;
}
