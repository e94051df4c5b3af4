import { createRoute } from '@hono/zod-openapi';
import {
  AdminOrder,
  ChangeStatusInput,
  OrderDetail,
  OrderList,
  OrderListQuery,
} from '../../../shared/contracts/order.ts';
import { Stats, StatsQuery } from '../../../shared/contracts/stats.ts';
import { requireAdmin } from '../authenticate.ts';
import { changeStatus } from '../change-status.ts';
import type { Db } from '../database.ts';
import { findOrder } from '../find-order.ts';
import { listOrders } from '../list-orders.ts';
import type { Shop } from '../placement.ts';
import { readBody } from '../read-body.ts';
import { countSales } from '../sales/count-sales.ts';
import { type ChangeDeps, changeOrder, NumberParameter, orderAndAdmin } from './change-order.ts';
import { adminBodyProblems, adminProblems, json, jsonBody, type Routes, SESSION } from './describe.ts';

export interface OrderRoutesDeps extends ChangeDeps {
  reads: Db;
  shop: Shop;
}

export function orderRoutes(routes: Routes, deps: OrderRoutesDeps): void {
  const { reads, durability, shop } = deps;
  routes.openapi(
    createRoute({
      method: 'get',
      path: '/orders',
      summary: 'Orders, newest first',
      security: SESSION,
      request: { query: OrderListQuery },
      responses: {
        200: json(OrderList, 'A page, with the counts and the cursor of the same instant'),
        ...adminProblems('validation'),
      },
    }),
    async (c) => {
      const reader = { timeZone: shop.timeZone, adminId: requireAdmin(c).id };
      return c.json(await listOrders(reads, durability, c.req.valid('query'), reader), 200);
    },
  );

  routes.openapi(
    createRoute({
      method: 'get',
      path: '/orders/{number}',
      summary: 'One order with its history',
      security: SESSION,
      request: { params: NumberParameter },
      responses: { 200: json(OrderDetail, 'The order'), ...adminProblems('not_found') },
    }),
    async (c) => c.json(await findOrder(reads, durability, orderAndAdmin(c).number), 200),
  );

  routes.openapi(
    createRoute({
      method: 'patch',
      path: '/orders/{number}',
      summary: 'Move an order to another status',
      description: 'Names the version that was seen; safe to repeat.',
      security: SESSION,
      middleware: readBody,
      request: { params: NumberParameter, body: jsonBody(ChangeStatusInput) },
      responses: {
        200: json(AdminOrder, 'The order after the change'),
        ...adminBodyProblems('not_found', 'stale_version', 'bad_transition'),
      },
    }),
    async (c) => c.json(await changeOrder(deps, changeStatus, { ...c.req.valid('json'), ...orderAndAdmin(c) }), 200),
  );

  routes.openapi(
    createRoute({
      method: 'get',
      path: '/stats',
      summary: 'What was sold in a period, and day by day',
      security: SESSION,
      request: { query: StatsQuery },
      responses: { 200: json(Stats, 'In the time zone of the shop'), ...adminProblems('validation') },
    }),
    async (c) => {
      requireAdmin(c);
      return c.json(await countSales(reads, durability, shop, c.req.valid('query').period), 200);
    },
  );
}
