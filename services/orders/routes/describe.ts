import type { OpenAPIHono } from '@hono/zod-openapi';
import type { z } from 'zod';
import { PROBLEM_CODES, Problem, type ProblemCode } from '../../../shared/contracts/problem.ts';
import type { Caller } from '../authenticate.ts';

/** What routes know about the request they answer. */
export interface RouteEnv {
  Variables: { caller: Caller };
}
export type Routes = OpenAPIHono<RouteEnv>;

/** Any route can meet these. */
const ALWAYS = ['internal', 'overloaded', 'unavailable'] as const satisfies ProblemCode[];
const WITH_A_BODY = ['validation', 'forbidden', 'too_large', 'unsupported_media_type'] as const satisfies ProblemCode[];

type ProblemAnswer = { description: string; content: { 'application/problem+json': { schema: typeof Problem } } };

/** The refusals of a route for the API's description, grouped by status as OpenAPI wants them. */
export function problems(...codes: ProblemCode[]): Record<`${number}`, ProblemAnswer> {
  const byStatus = Map.groupBy(new Set([...codes, ...ALWAYS]), (code) => PROBLEM_CODES[code]);
  return Object.fromEntries(
    [...byStatus].map(([status, sameStatus]) => [
      String(status),
      {
        description: sameStatus.map((code) => `\`${code}\``).join(', '),
        content: { 'application/problem+json': { schema: Problem } },
      },
    ]),
  );
}

export const bodyProblems = (...codes: ProblemCode[]) => problems(...WITH_A_BODY, ...codes);
/** For routes that an admin's session opens. */
export const adminProblems = (...codes: ProblemCode[]) => problems('unauthenticated', 'forbidden', ...codes);
export const adminBodyProblems = (...codes: ProblemCode[]) => adminProblems(...WITH_A_BODY, ...codes);

/** A JSON answer. */
export const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

/** A JSON body that must be there. */
export const jsonBody = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true,
  content: { 'application/json': { schema } },
});

export const SESSION = [{ session: [] }];
export const SERVICE = [{ service: [] }];

/** Ids in addresses: what an `int` of the database holds. */
export const MAX_ID = 2_147_483_647;
