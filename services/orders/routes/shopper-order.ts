import { createRoute, z } from '@hono/zod-openapi';
import { ShopperOrder } from '../../../shared/contracts/order.ts';
import { CancelOrderInput, FindOrderInput, FoundOrder } from '../../../shared/contracts/shopper-order.ts';
import { addressOf, type TrustsProxy } from '../../../shared/process/client-address.ts';
import { HttpProblem } from '../../../shared/process/http-problem.ts';
import type { Announce } from '../announce.ts';
import { cancelOrder } from '../cancel-order.ts';
import type { Db } from '../database.ts';
import type { Durability } from '../durability.ts';
import { findLink } from '../find-link.ts';
import { findShopperOrder } from '../find-order.ts';
import { readBody } from '../read-body.ts';
import { transact } from '../transact.ts';
import { bodyProblems, json, jsonBody, problems, type Routes } from './describe.ts';

export interface ShopperOrderDeps {
  reads: Db;
  changes: Db;
  durability: Durability;
  announce: Announce;
  sessionSecret: string;
  trustsProxy: TrustsProxy;
}

const TokenParameter = z.object({ token: z.string() });

/** A token of another form is nobody's: no query is asked with it. */
function knownToken(text: string): string {
  if (!/^[A-Za-z0-9_-]{32}$/.test(text)) throw new HttpProblem(404, 'not_found');
  return text;
}

/** What a shopper may do with an order of their own; the token is all the proof there is. */
export function shopperOrderRoutes(routes: Routes, deps: ShopperOrderDeps): void {
  const { reads, changes, durability, announce } = deps;

  routes.openapi(
    createRoute({
      method: 'get',
      path: '/orders/by-token/{token}',
      summary: "A shopper's own order",
      request: { params: TokenParameter },
      responses: { 200: json(ShopperOrder, 'The order'), ...problems('not_found') },
    }),
    async (c) => c.json(await findShopperOrder(reads, durability, knownToken(c.req.valid('param').token)), 200),
  );

  routes.openapi(
    createRoute({
      method: 'post',
      path: '/orders/by-token/{token}/cancel',
      summary: "Cancel a shopper's own order while it waits",
      description: 'Names the version that was seen; safe to repeat.',
      middleware: readBody,
      request: { params: TokenParameter, body: jsonBody(CancelOrderInput) },
      responses: {
        204: { description: 'Cancelled, now or by an earlier request' },
        ...bodyProblems('not_found', 'stale_version', 'bad_transition'),
      },
    }),
    async (c) => {
      const cancellation = { token: knownToken(c.req.valid('param').token), ...c.req.valid('json') };
      const appended = await transact(changes, (trx) => cancelOrder(trx, cancellation, durability));
      if (appended) announce(appended);
      return c.body(null, 204);
    },
  );

  routes.openapi(
    createRoute({
      method: 'post',
      path: '/find-order',
      summary: "Find a shopper's link again by number and e-mail",
      description: 'Limited in rate; the same answer whatever of the two is wrong.',
      middleware: readBody,
      request: { body: jsonBody(FindOrderInput) },
      responses: { 200: json(FoundOrder, 'The link'), ...bodyProblems('not_found', 'too_many_requests') },
    }),
    async (c) => {
      const wanted = { ...c.req.valid('json'), address: addressOf(c, deps.trustsProxy) };
      return c.json({ token: await findLink(deps, wanted) }, 200);
    },
  );
}
