import { createRoute } from '@hono/zod-openapi';
import { ProductList } from '../../../shared/contracts/order.ts';
import type { Db } from '../database.ts';
import { listProducts } from '../list-products.ts';
import { json, problems, type Routes } from './describe.ts';

export function productRoutes(routes: Routes, { reads }: { reads: Db }): void {
  routes.openapi(
    createRoute({
      method: 'get',
      path: '/products',
      summary: 'The catalogue',
      responses: { 200: json(ProductList, 'Everything that is for sale'), ...problems() },
    }),
    async (c) => c.json({ products: await listProducts(reads) }, 200),
  );
}
