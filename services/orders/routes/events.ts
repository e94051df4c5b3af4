import { createRoute } from '@hono/zod-openapi';
import { parseCursor } from '../../../shared/contracts/cursor.ts';
import { EventPage, EventQuery } from '../../../shared/contracts/event.ts';
import type { Db } from '../database.ts';
import type { Durability } from '../durability.ts';
import { readEvents } from '../read-events.ts';
import { adminProblems, json, type Routes, SERVICE, SESSION } from './describe.ts';

export function eventRoutes(routes: Routes, { reads, durability }: { reads: Db; durability: Durability }): void {
  routes.openapi(
    createRoute({
      method: 'get',
      path: '/events',
      summary: 'The event log after a cursor',
      description: 'Dense, in commit order, durable before it is shown. For admins and for services.',
      security: [...SESSION, ...SERVICE],
      request: { query: EventQuery },
      responses: { 200: json(EventPage, 'Oldest first'), ...adminProblems('validation', 'cursor_expired') },
    }),
    async (c) => {
      const { after, limit } = c.req.valid('query');
      const cursor = after === undefined ? undefined : parseCursor(after);
      return c.json(await readEvents(reads, durability, { after: cursor, limit }), 200);
    },
  );
}
