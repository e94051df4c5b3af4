import { createRoute, z } from '@hono/zod-openapi';
import {
  AdminProduct,
  AdminProductList,
  ChangeProductInput,
  CreateProductInput,
  MAX_PICTURE_BYTES,
  PictureHash,
  ProductList,
  ProductParameter,
  SeenVersion,
} from '../../../shared/contracts/product.ts';
import { may } from '../../../shared/contracts/role.ts';
import { HttpProblem } from '../../../shared/process/http-problem.ts';
import { readBytes } from '../../../shared/process/read-bytes.ts';
import { forRight, requireAdmin } from '../authenticate.ts';
import { type ChangedBy, changeProduct } from '../change-product.ts';
import { createProduct } from '../create-product.ts';
import type { Db } from '../database.ts';
import type { Durability } from '../durability.ts';
import { encodePicture } from '../encode-picture.ts';
import { listAllProducts, listProducts } from '../list-products.ts';
import { asAdminProduct } from '../product-rows.ts';
import { readBody } from '../read-body.ts';
import { readPicture, setPicture } from '../set-picture.ts';
import { isDuplicate } from '../sql-errors.ts';
import { onceMore, transact } from '../transact.ts';
import { adminBodyProblems, adminProblems, json, jsonBody, problems, type Routes, SESSION } from './describe.ts';

export interface ProductRoutesDeps {
  reads: Db;
  changes: Db;
  durability: Durability;
  /** Tells the notifiers that shoppers may see another catalogue now. */
  announceCatalogue: () => void;
}

const PICTURE = z.string().meta({ format: 'binary' });

/** What anybody may see: the catalogue, and the pictures in it. */
export function catalogueRoutes(routes: Routes, { reads }: Pick<ProductRoutesDeps, 'reads'>): void {
  routes.openapi(
    createRoute({
      method: 'get',
      path: '/products',
      summary: 'The catalogue',
      responses: { 200: json(ProductList, 'Everything that is for sale'), ...problems() },
    }),
    async (c) => c.json({ products: await listProducts(reads) }, 200),
  );

  routes.openapi(
    createRoute({
      method: 'get',
      path: '/pictures/{hash}',
      summary: 'The picture of a product',
      request: { params: z.object({ hash: PictureHash }) },
      responses: {
        200: { description: 'At most 1000 × 1000 pixels', content: { 'image/webp': { schema: PICTURE } } },
        ...problems('validation', 'not_found'),
      },
    }),
    async (c) => {
      const picture = await readPicture(reads, c.req.valid('param').hash);
      return c.body(new Uint8Array(picture), 200, { 'Content-Type': 'image/webp' });
    },
  );
}

export function productRoutes(routes: Routes, deps: ProductRoutesDeps): void {
  const { reads, changes, durability, announceCatalogue } = deps;

  routes.openapi(
    createRoute({
      method: 'get',
      path: '/catalogue',
      summary: 'The catalogue as admins see it, with what is hidden',
      security: SESSION,
      responses: { 200: json(AdminProductList, 'Every product'), ...adminProblems() },
    }),
    async (c) => {
      requireAdmin(c);
      return c.json({ products: await listAllProducts(reads) }, 200);
    },
  );

  routes.openapi(
    createRoute({
      method: 'post',
      path: '/products',
      summary: 'Put a product into the catalogue',
      description: 'Safe to repeat: a second product of the same name is refused.',
      security: SESSION,
      middleware: [forRight('manage_catalogue'), readBody] as const,
      request: { body: jsonBody(CreateProductInput) },
      responses: { 201: json(AdminProduct, 'The product'), ...adminBodyProblems('name_taken', 'catalogue_full') },
    }),
    async (c) => {
      const by = requireAdmin(c);
      const product = await transact(changes, (trx) => createProduct(trx, c.req.valid('json'), by), isDuplicate);
      announceCatalogue();
      return c.json(product, 201);
    },
  );

  routes.openapi(
    createRoute({
      method: 'get',
      path: '/products/{productId}',
      summary: 'One product as admins see it',
      security: SESSION,
      request: { params: ProductParameter },
      responses: { 200: json(AdminProduct, 'The product'), ...adminProblems('validation', 'not_found') },
    }),
    async (c) => {
      requireAdmin(c);
      const { productId } = c.req.valid('param');
      const row = await onceMore(() =>
        reads.selectFrom('products').selectAll().where('id', '=', productId).executeTakeFirst(),
      );
      if (!row) throw new HttpProblem(404, 'not_found');
      return c.json(asAdminProduct(row), 200);
    },
  );

  routes.openapi(
    createRoute({
      method: 'patch',
      path: '/products/{productId}',
      summary: 'Change a product',
      description: 'Names the version that was seen. What is left out stays as it is. Safe to repeat.',
      security: SESSION,
      middleware: [forRight('change_stock'), readBody] as const,
      request: { params: ProductParameter, body: jsonBody(ChangeProductInput) },
      responses: {
        200: json(AdminProduct, 'The product after the change'),
        ...adminBodyProblems('not_found', 'stale_version', 'name_taken'),
      },
    }),
    async (c) => {
      const by = requireAdmin(c);
      const wanted = c.req.valid('json');
      const { version: _, stock: __, ...rest } = wanted;
      // Whoever unpacks a delivery says how many there are, and no more.
      if (Object.keys(rest).length > 0 && !may(by.role, 'manage_catalogue')) throw new HttpProblem(403, 'forbidden');
      const change = { ...c.req.valid('param'), ...wanted, by };
      const product = await transact(changes, (trx) => changeProduct(trx, change, durability));
      announceCatalogue();
      return c.json(product, 200);
    },
  );

  const picture = {
    path: '/products/{productId}/picture' as const,
    security: SESSION,
    middleware: forRight('manage_catalogue'),
    responses: {
      200: json(AdminProduct, 'The product after the change'),
      ...adminBodyProblems('not_found', 'stale_version'),
    },
  };
  const setAs = async (change: Omit<Parameters<typeof setPicture>[1], 'by'>, by: ChangedBy) => {
    const product = await transact(changes, (trx) => setPicture(trx, { ...change, by }, durability));
    announceCatalogue();
    return product;
  };

  routes.openapi(
    createRoute({
      ...picture,
      method: 'put',
      summary: 'Give a product its picture',
      description: 'A JPEG, PNG or WebP of at most 8 MiB and 25 million pixels. It is drawn anew. Safe to repeat.',
      request: {
        params: ProductParameter,
        query: SeenVersion,
        body: { required: true, content: { 'application/octet-stream': { schema: PICTURE } } },
      },
    }),
    async (c) => {
      const by = requireAdmin(c);
      const seen = { ...c.req.valid('param'), ...c.req.valid('query') };
      if (c.req.header('content-type') !== 'application/octet-stream') {
        throw new HttpProblem(415, 'unsupported_media_type', { detail: 'Send application/octet-stream.' });
      }
      const uploaded = await readBytes(c.req.raw, MAX_PICTURE_BYTES);
      return c.json(await setAs({ ...seen, picture: await encodePicture(uploaded) }, by), 200);
    },
  );

  routes.openapi(
    createRoute({
      ...picture,
      method: 'delete',
      summary: 'Take the picture of a product away',
      request: { params: ProductParameter, query: SeenVersion },
    }),
    async (c) => {
      const by = requireAdmin(c);
      const seen = { ...c.req.valid('param'), ...c.req.valid('query') };
      return c.json(await setAs({ ...seen, picture: null }, by), 200);
    },
  );
}
