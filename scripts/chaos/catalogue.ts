import type { RunEntry } from './history.ts';
import type { System } from './system.ts';

export type ChaosProduct = RunEntry['products'][number];

/** Enough for every order of the short run, and gone within a few minutes of a long one. */
const STOCKS = [null, null, null, null, 2, 30, 300] as const;

/** Fills the shop: some products without limit, some that sell out while orders compete for the last piece. */
export async function stockShop(system: System): Promise<ChaosProduct[]> {
  const products = STOCKS.map((stock, i) => ({ id: i + 1, priceCents: 100 + 37 * i * i, stock }));
  for (const { id, priceCents, stock } of products) {
    await system.query(
      `insert into products (id, slug, name, description, price_cents, stock) values (?, ?, ?, '', ?, ?)`,
      [id, `chaos-${id}`, `Produit ${id}`, priceCents, stock],
    );
  }
  return products;
}
