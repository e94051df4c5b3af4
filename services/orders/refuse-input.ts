import type { Context } from 'hono';
import type { z } from 'zod';
import type { FieldError } from '../../shared/contracts/problem.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';

type Validated = { success: true } | { success: false; error: { issues: readonly z.core.$ZodIssue[] } };

/** Turns input that a schema refused into `validation`, with a stable word for each field. */
export function refuseInput(result: Validated, _c?: Context): void {
  if (result.success) return;
  const errors = result.error.issues.flatMap(fieldErrors);
  throw new HttpProblem(400, 'validation', { extra: { errors } });
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, 10).map((key) => ({ path: [...path, key.slice(0, 50)].join('.'), message: 'unknown' }));
  }
  return [{ path: path.join('.'), message: wordFor(issue) }];
}

function wordFor(issue: z.core.$ZodIssue): string {
  // Schemas that pages care about name the word themselves.
  if (/^[a-z_]+$/.test(issue.message)) return issue.message;
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'required';
  if (issue.code === 'too_big') return issue.origin === 'string' || issue.origin === 'array' ? 'too_long' : 'too_big';
  if (issue.code === 'too_small')
    return issue.origin === 'string' || issue.origin === 'array' ? 'required' : 'too_small';
  return 'invalid';
}
