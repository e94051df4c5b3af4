import type { Migration } from 'kysely/migration';
import * as tables from './001-tables.ts';
import * as signInFailures from './002-sign-in-failures.ts';
import * as erasedCustomers from './003-erased-customers.ts';
import * as catalogue from './004-catalogue.ts';
import * as admins from './006-admins.ts';
import * as orderSearch from './007-order-search.ts';
import * as together from './008-together.ts';
import * as dashboard from './010-dashboard.ts';

/** Every migration by name, in order. A name that has run is never changed; a change is a new migration. */
export const migrations: Record<string, Migration> = {
  '001-tables': tables,
  '002-sign-in-failures': signInFailures,
  '003-erased-customers': erasedCustomers,
  '004-catalogue': catalogue,
  '006-admins': admins,
  '007-order-search': orderSearch,
  '008-together': together,
  '010-dashboard': dashboard,
};
