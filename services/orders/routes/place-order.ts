import { createHash } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import { IdempotencyKey, PlacedOrder, PlaceOrderInput } from '../../../shared/contracts/order.ts';
import { HttpProblem } from '../../../shared/process/http-problem.ts';
import type { Intake } from '../intake.ts';
import type { OrderMetrics } from '../metrics.ts';
import { readBody } from '../read-body.ts';
import { bodyProblems, json, jsonBody, type Routes } from './describe.ts';

export function placeOrderRoute(routes: Routes, { intake, metrics }: { intake: Intake; metrics: OrderMetrics }): void {
  routes.openapi(
    createRoute({
      method: 'post',
      path: '/orders',
      summary: 'Place an order',
      description: 'Safe to repeat with the same key for 24 hours: one order, and the same answer.',
      middleware: readBody,
      request: { headers: z.object({ 'idempotency-key': IdempotencyKey }), body: jsonBody(PlaceOrderInput) },
      responses: {
        201: json(PlacedOrder, 'Placed, now or by an earlier request with this key'),
        ...bodyProblems('out_of_stock', 'price_changed', 'key_reused', 'timeout'),
      },
    }),
    async (c) => {
      const order = c.req.valid('json');
      const key = c.req.valid('header')['idempotency-key'];
      try {
        const placement = await intake.submit({ key, bodyHash: hashOf(order), order });
        if (placement.kind === 'refused') throw placement.problem;
        if (!placement.repeat) metrics.placed.inc();
        return c.json(placement.answer, 201);
      } catch (error) {
        metrics.refused.inc({ code: error instanceof HttpProblem ? error.code : 'internal' });
        throw error;
      }
    },
  );
}

/** Of what was understood, not of the bytes: a repeat may space its JSON differently. */
function hashOf(order: PlaceOrderInput): string {
  return createHash('sha256').update(JSON.stringify(order)).digest('base64url');
}
