import { fillDatabase } from '../seed/fill-database.ts';

/** Fills a shop that has products with so many orders, of so many days up to an instant; the same ones by the same seed. */
export function growOld(
  url: string,
  life: { orders: number; seed: number; days: number; until: Date },
): ReturnType<typeof fillDatabase> {
  return fillDatabase(url, { ...life, timeZone: 'Europe/Paris', currency: 'EUR' });
}
