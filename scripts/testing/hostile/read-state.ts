import type { TestDatabase } from '../database.ts';

/** All that requests can change, counted and summed, for tests that a refusal changes none of it. */
export async function readState(db: TestDatabase): Promise<Record<string, unknown>> {
  const [state] = await db.query(`select
    (select count(*) from orders) as orders, (select sum(version) from orders) as versions,
    (select count(*) from order_lines) as lines_placed, (select sum(stock) from products) as stock,
    (select count(*) from products) as products, (select sum(version) from products) as product_versions,
    (select count(*) from product_pictures) as pictures,
    (select count(*) from idempotency_keys) as keys_claimed, (select head from event_head) as head,
    (select count(*) from order_events) as events, (select count(*) from sessions) as sessions,
    (select count(*) from admins where disabled_at is null and role = 'owner') as owners,
    (select count(*) from admins) as admins, (select count(*) from invitations) as invitations,
    (select count(*) from recovery_codes) as recovery_codes,
    (select count(*) from sessions where revoked_at is not null) as revoked`);
  return state!;
}
