import { randomUUID } from 'node:crypto';
import { createRoute } from '@hono/zod-openapi';
import { TrialOrder } from '../../../shared/contracts/trial-order.ts';
import { requireAdmin } from '../authenticate.ts';
import type { Intake } from '../intake.ts';
import { adminProblems, json, type Routes, SESSION } from './describe.ts';

export function trialOrderRoutes(routes: Routes, { intake }: { intake: Intake }): void {
  routes.openapi(
    createRoute({
      method: 'post',
      path: '/trial-orders',
      summary: 'Try whether orders arrive',
      description: 'Goes the way of an order, and is none: nothing stays of it but the event `order.tested`.',
      security: SESSION,
      responses: {
        201: json(TrialOrder, 'Its event is in the log'),
        ...adminProblems('out_of_stock', 'too_many_requests', 'timeout'),
      },
    }),
    async (c) => {
      const { id, name } = requireAdmin(c);
      const startMs = performance.now();
      const placement = await intake.submit({
        key: randomUUID(),
        bodyHash: '',
        order: { name: '', email: '', lines: [], phone: undefined, notes: undefined },
        triedBy: { id, name },
      });
      if (placement.kind === 'refused') throw placement.problem;
      return c.json({ number: placement.answer.number, storedMs: performance.now() - startMs }, 201);
    },
  );
}
