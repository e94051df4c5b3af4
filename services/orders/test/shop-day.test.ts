import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CROCKFORD, newOrderNumber, ORDER_NUMBER } from '../order-number.ts';
import { addDays, dayOf, startOfDay } from '../shop-day.ts';

const ZONES = [
  'UTC',
  'Europe/Paris',
  'America/Sao_Paulo',
  'Asia/Kolkata',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'Africa/Cairo',
];
const zone = fc.constantFrom(...ZONES);
const instant = fc.date({ min: new Date('2015-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });
const hours = (day: string, zone: string) =>
  (startOfDay(addDays(day, 1), zone).getTime() - startOfDay(day, zone).getTime()) / 3_600_000;

describe('a day of the shop', () => {
  test('holds exactly the instants between its start and the next one’s', () => {
    fc.assert(
      fc.property(instant, zone, (at, zone) => {
        const day = dayOf(at, zone);
        expect(startOfDay(day, zone).getTime()).toBeLessThanOrEqual(at.getTime());
        expect(startOfDay(addDays(day, 1), zone).getTime()).toBeGreaterThan(at.getTime());
        expect(dayOf(new Date(startOfDay(day, zone).getTime() - 1), zone)).toBe(addDays(day, -1));
      }),
    );
  });

  test('has 23 hours when the clock goes forward, and 25 when it goes back', () => {
    expect(hours('2026-03-29', 'Europe/Paris')).toBe(23);
    expect(hours('2026-10-25', 'Europe/Paris')).toBe(25);
    expect(hours('2026-11-22', 'Europe/Paris')).toBe(24);
  });

  test('begins after midnight where midnight is skipped', () => {
    expect(startOfDay('2017-10-15', 'America/Sao_Paulo').toISOString()).toBe('2017-10-15T03:00:00.000Z');
    expect(hours('2017-10-15', 'America/Sao_Paulo')).toBe(23);
  });
});

describe('an order’s number', () => {
  test('has the day of the shop and six characters that nobody mistakes', () => {
    fc.assert(
      fc.property(instant, zone, (at, zone) => {
        const number = newOrderNumber(dayOf(at, zone));
        expect(number).toMatch(ORDER_NUMBER);
        expect(number.slice(4, 12)).toBe(dayOf(at, zone).replaceAll('-', ''));
      }),
    );
    expect(newOrderNumber(dayOf(new Date('2025-11-25T23:30:00Z'), 'Europe/Paris'))).toMatch(/^CMD-20251126-/);
    expect([...CROCKFORD].some((character) => 'ILOU'.includes(character))).toBe(false);
  });

  test('uses all of its characters', () => {
    const seen = new Set(Array.from({ length: 300 }, () => newOrderNumber('2025-11-26').slice(13)).join(''));
    expect(seen.size).toBe(32);
  });
});
