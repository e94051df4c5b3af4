import { z } from 'zod';
import { trustProxy } from '../shared/process/client-address.ts';
import { currency, port, processSettings, seconds, timeZone, url } from '../shared/process/config.ts';

/** What web is told by its environment. It has no secret. */
export const webSettings = {
  ...processSettings,
  WEB_PORT: port(8000),
  ORDERS_URL: url('http:', 'https:').default('http://127.0.0.1:8001'),
  NOTIFIER_URL: url('http:').default('http://127.0.0.1:8002'),
  SHOP_LOCALE: z.enum(['fr', 'en']).default('fr'),
  SHOP_TIMEZONE: timeZone.default('Europe/Paris'),
  SHOP_CURRENCY: currency.default('EUR'),
  ORDERS_POLL_SECONDS: seconds(30),
  DASHBOARD_POLL_SECONDS: seconds(60),
  /** The gateways in front: who asks, and whether over HTTPS, is what they say. */
  TRUST_PROXY: trustProxy,
  /** Further origins of this site, as browsers name them: `https://shop.example,https://www.shop.example`. */
  PUBLIC_ORIGIN: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((part) => part.trim() || []))
    .refine((origins) => origins.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin), {
      error: 'must be origins such as https://shop.example, separated by commas',
    }),
};
