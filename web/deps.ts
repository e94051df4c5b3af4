import type { Registry } from 'prom-client';
import type { Role } from '../shared/contracts/role.ts';
import type { TrustsProxy } from '../shared/process/client-address.ts';
import type { Logger } from '../shared/process/log.ts';
import type { ShopFormat } from './fragments/live-update.tsx';
import type { OrdersClient } from './orders-client.ts';
import type { StaticFiles } from './static-files.ts';

/** What every page knows of the shop that it belongs to. */
export interface Site extends ShopFormat {
  /** ISO 4217, for prices in the catalogue and the cart; an order carries its own. */
  currency: string;
  /** The address of a built file, with its hash: `asset('shop.css')`. */
  asset(name: string): string;
  /** The address of a built file that kept its name; undefined when there is none. */
  file(name: string): string | undefined;
}

/** Everything that the pages work with; built in main.ts, or by a test. */
export interface WebDeps {
  site: Site;
  orders: OrdersClient;
  files: StaticFiles;
  /** Whose word counts on where a request comes from, and whether over HTTPS. */
  trustsProxy: TrustsProxy;
  /** Further origins of this very site, for gateways that change the Host. */
  publicOrigins: readonly string[];
  /** How often the order table and the dashboard ask for what their stream may have missed. */
  ordersPollSeconds: number;
  dashboardPollSeconds: number;
  registry: Registry;
  log: Logger;
}

/** An admin whom the orders service has just recognised. */
export interface SignedIn {
  /** Undefined from orders processes of a version before: then no order is known to be one's own. */
  id: number | undefined;
  /** The session's token, to be passed on to the orders service. */
  session: string;
  name: string;
  role: Role;
}

/** What the outermost middleware leaves for the routes. */
export interface WebEnv {
  Variables: {
    /** The browser came over HTTPS, here or at the gateway. */
    secure: boolean;
    /** Who is signed in; there is one on every route below /admin but the sign-in itself. */
    admin: SignedIn;
  };
}
