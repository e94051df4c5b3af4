/**
 * A rival of the notifier: what Hono's documentation shows for Server-Sent Events, a set of streams and a loop. Run by
 * the bench as a process of its own; it has no sessions, views, replay, limits or metrics.
 */
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { hub } from './hub.ts';

const { live, send } = hub();
const app = new Hono()
  .get('/readyz', (c) => c.text('ok'))
  .get('/live/orders', live)
  .post('/publish', async (c) => {
    send(await c.req.text());
    return c.body(null, 202);
  });

serve({ fetch: app.fetch, port: Number(process.env.RIVAL_PORT), hostname: '127.0.0.1' });
