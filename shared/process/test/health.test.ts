import { Hono } from 'hono';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { healthRoutes } from '../health.ts';
import { notFoundHandler, problemHandler } from '../http-problem.ts';
import { createLogger } from '../log.ts';

const app = new Hono()
  .route('/', healthRoutes(new Registry(), {}))
  .notFound(notFoundHandler)
  .onError(problemHandler(createLogger('test', 'silent')));

const ask = async (path: string, peer: string | undefined, headers: Record<string, string> = {}) =>
  (await app.request(path, { headers }, peer ? { incoming: { socket: { remoteAddress: peer } } } : {})).status;

test('figures are for those who ask directly and from nearby', async () => {
  for (const peer of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.1.2.3', '172.18.0.5', '192.168.1.2', 'fd00::5'])
    expect([peer, await ask('/metrics', peer)]).toEqual([peer, 200]);
  for (const peer of ['203.0.113.7', '172.32.0.1', '2001:db8::1', undefined])
    expect([peer, await ask('/metrics', peer)]).toEqual([peer, 404]);
  for (const name of ['X-Forwarded-For', 'Forwarded', 'Via', 'X-Real-IP', 'X-Forwarded-Host', 'X-Forwarded-Proto'])
    expect([name, await ask('/metrics', '127.0.0.1', { [name]: 'x' })]).toEqual([name, 404]);
});

test('whether a process lives and can work is for everybody', async () => {
  for (const path of ['/healthz', '/readyz']) expect(await ask(path, '203.0.113.7')).toBe(200);
});
