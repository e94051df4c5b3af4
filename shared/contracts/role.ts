import { z } from 'zod';

/** An owner runs the shop; staff treat its orders. */
export const ROLES = ['owner', 'staff'] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

/**
 * Who may do what beyond treating orders, which every admin may. The orders service refuses the rest by this table,
 * and pages do not offer it.
 */
const RIGHTS = {
  /** Invite, disable, and change the role of admins; make a new link for one who cannot sign in. */
  manage_admins: ['owner'],
  /** Read who signed in and changed what. */
  read_audit: ['owner'],
  /** Copy or erase what is kept about a customer. */
  manage_customers: ['owner'],
  /** Create products, and change their price, words, pictures, and whether they are for sale. */
  manage_catalogue: ['owner'],
  /** Say how many of a product there are: whoever unpacks a delivery. */
  change_stock: ['owner', 'staff'],
  /** Take a list of orders away as a file: names and addresses of many customers at once. */
  export_orders: ['owner'],
} as const satisfies Record<string, readonly Role[]>;
export type Right = keyof typeof RIGHTS;

export function may(role: Role, right: Right): boolean {
  return (RIGHTS[right] as readonly Role[]).includes(role);
}
