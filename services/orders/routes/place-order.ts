import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRoute, z } from '@hono/zod-openapi';
import { IdempotencyKey, PlacedOrder, PlaceOrderInput } from '../../../shared/contracts/order.ts';
import { HttpProblem } from '../../../shared/process/http-problem.ts';
import type { Intake } from '../intake.ts';
import type { OrderMetrics } from '../metrics.ts';
import { answerPlainly, type PlainRouteOptions } from '../plain-route.ts';
import { readBody, refuseRepeatedName } from '../read-body.ts';
import { refuseInput } from '../refuse-input.ts';
import { bodyProblems, json, jsonBody, type Routes } from './describe.ts';

interface PlaceOrderDeps {
  intake: Intake;
  metrics: OrderMetrics;
}

const Headers = z.object({ 'idempotency-key': IdempotencyKey });

export function placeOrderRoute(routes: Routes, deps: PlaceOrderDeps): void {
  routes.openapi(
    createRoute({
      method: 'post',
      path: '/orders',
      summary: 'Place an order',
      description: 'Safe to repeat with the same key for 24 hours: one order, and the same answer.',
      middleware: readBody,
      request: { headers: Headers, body: jsonBody(PlaceOrderInput) },
      responses: {
        201: json(PlacedOrder, 'Placed, now or by an earlier request with this key'),
        ...bodyProblems('out_of_stock', 'price_changed', 'key_reused', 'timeout'),
      },
    }),
    async (c) => c.json(await place(deps, c.req.valid('header')['idempotency-key'], c.req.valid('json')), 201),
  );
}

/**
 * The same for requests as programs send them, without the framework, which costs more than all the rest of the way
 * of an order.
 * @returns for `listen`: takes such a request off the framework's hands; false for any other
 */
export function placePlainOrder(
  deps: PlaceOrderDeps,
  options: Pick<PlainRouteOptions, 'registry' | 'toProblem'>,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  return answerPlainly({
    ...options,
    path: '/orders',
    async answer(header, text) {
      refuseRepeatedName(text);
      const headers = valid(Headers, { 'idempotency-key': header('idempotency-key') });
      const order = valid(PlaceOrderInput, JSON.parse(text));
      return { status: 201, body: JSON.stringify(await place(deps, headers['idempotency-key'], order)) };
    },
  });
}

async function place({ intake, metrics }: PlaceOrderDeps, key: string, order: PlaceOrderInput): Promise<PlacedOrder> {
  try {
    const placement = await intake.submit({ key, bodyHash: hashOf(order), order });
    if (placement.kind === 'refused') throw placement.problem;
    if (!placement.repeat) metrics.placed.inc();
    return placement.answer;
  } catch (error) {
    metrics.refused.inc({ code: error instanceof HttpProblem ? error.code : 'internal' });
    throw error;
  }
}

/** @throws {HttpProblem} `validation` */
function valid<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  refuseInput(result);
  return result.data as z.output<Schema>;
}

/** Of what was understood, not of the bytes: a repeat may space its JSON differently. */
function hashOf(order: PlaceOrderInput): string {
  return hash('sha256', JSON.stringify(order), 'base64url');
}
