import { expect, test } from 'vitest';
import { ShopperStatus } from '../fragments/shopper-status.tsx';

const steps = (locale: 'fr' | 'en') =>
  String(
    ShopperStatus({
      status: 'en_cours',
      version: 2,
      reachedAt: { en_attente: '2026-11-23T06:00:00Z', en_cours: '2026-11-23T06:05:00Z' },
      format: { locale, timeZone: 'Europe/Paris' },
    }),
  );

test('what is heard of each step stands before it, with a colon as its language writes it', () => {
  const heard = (html: string) => [...html.matchAll(/class="visually-hidden">([^<]*)</g)].map(([, text]) => text);
  expect(heard(steps('fr'))).toEqual(['Fait\u00a0: ', 'Étape actuelle\u00a0: ', 'À venir\u00a0: ']);
  expect(heard(steps('en'))).toEqual(['Done: ', 'Current step: ', 'To come: ']);
});
