import { z } from 'zod';
import { isAtMost, isPrintable, tidyText } from './customer-rules.ts';
import { MAX_PRICE_CENTS } from './money.ts';
import { queryInteger } from './query-integer.ts';

export const MAX_PRODUCT_ID = 2_147_483_647;
export const MAX_PRODUCT_NAME_CHARS = 120;
export const MAX_CATEGORY_CHARS = 60;
export const MAX_DESCRIPTION_CHARS = 2_000;
/** Units of one product: more than any small shop has on its shelf. */
export const MAX_STOCK = 1_000_000;
/** What an uploaded picture may weigh, in bytes. */
export const MAX_PICTURE_BYTES = 8 * 1024 * 1024;
/** A photograph of 24 million pixels fits, which is what telephones take. */
export const MAX_PICTURE_PIXELS = 25_000_000;

/** Half of a SHA-256, in hexadecimal: names a picture by its content, so that it can be kept for ever. */
export const PictureHash = z.string().regex(/^[0-9a-f]{32}$/);

/** What shoppers see of a product. */
export const Product = z.object({
  id: z.int().min(1),
  /** Stable, unique, URL-safe; the address of its page, and of the drawing that demo products have. */
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  /** Empty where there is none. The default is for answers of an older version. */
  category: z.string().default(''),
  /** Null where none was uploaded. */
  picture: PictureHash.nullable().default(null),
  priceCents: z.int().min(0).max(MAX_PRICE_CENTS),
  /** Units left; null when not limited. */
  stock: z.int().min(0).nullable(),
});
export type Product = z.infer<typeof Product>;
export const ProductList = z.object({ products: z.array(Product) });

/** A product as admins see it. */
export const AdminProduct = Product.extend({
  /** Not listed, and not to be ordered. */
  hidden: z.boolean(),
  /** 1 when created, one more for every change by an admin; a change must name the version it saw. Sales do not count. */
  version: z.int().min(1),
  /** Null until an admin has changed it. */
  changedAt: z.iso.datetime().nullable(),
  changedBy: z.string().nullable(),
});
export type AdminProduct = z.infer<typeof AdminProduct>;
export const AdminProductList = z.object({ products: z.array(AdminProduct) });

/** Words, not sentences: programs may compare them, pages translate them. */
const REQUIRED = { error: 'required' };
const INVALID = { error: 'invalid' };
const TOO_BIG = { error: 'too_big' };
const PRINTABLE = '[^\\p{Cc}\\p{Zl}\\p{Zp}]*';

/** Text of at most so many characters, tidied first; on several lines where `lines` allows it. */
const text = (maxChars: number, lines: 'one' | 'many') =>
  z
    .string(REQUIRED)
    .overwrite(tidyText)
    .refine((typed) => isAtMost(maxChars, typed), { error: 'too_long' })
    .refine((typed) => isPrintable(lines === 'one' ? typed : typed.replace(/[\n\t]/g, ' ')), INVALID);

const Name = text(MAX_PRODUCT_NAME_CHARS, 'one')
  .refine((typed) => /[\p{L}\p{N}]/u.test(typed), REQUIRED)
  .meta({ minLength: 1, maxLength: MAX_PRODUCT_NAME_CHARS, pattern: `^${PRINTABLE}[\\p{L}\\p{N}]${PRINTABLE}$` });
const Category = text(MAX_CATEGORY_CHARS, 'one').meta({ maxLength: MAX_CATEGORY_CHARS, pattern: `^${PRINTABLE}$` });
const Description = text(MAX_DESCRIPTION_CHARS, 'many').meta({
  maxLength: MAX_DESCRIPTION_CHARS,
  pattern: '^(?:[\\n\\r\\t]|[^\\p{Cc}\\p{Zl}\\p{Zp}])*$',
});
const Price = z.int(INVALID).min(0, INVALID).max(MAX_PRICE_CENTS, TOO_BIG);
const Stock = z.int(INVALID).min(0, INVALID).max(MAX_STOCK, TOO_BIG).nullable();
const Version = z.int().min(1).max(2_147_483_647);

/** `POST /products` */
export const CreateProductInput = z.strictObject({
  name: Name,
  category: Category.optional(),
  description: Description.optional(),
  priceCents: Price,
  /** Null when not limited. */
  stock: Stock,
  hidden: z.boolean().optional(),
});
export type CreateProductInput = z.infer<typeof CreateProductInput>;

/** `PATCH /products/{productId}` — what is left out stays as it is. */
export const ChangeProductInput = z.strictObject({
  version: Version,
  name: Name.optional(),
  category: Category.optional(),
  description: Description.optional(),
  priceCents: Price.optional(),
  /**
   * What was on the shelf when the admin looked, and what is to be: units sold in between stay sold. So a correction
   * from 12 to 20 adds 8.
   */
  stock: z.strictObject({ from: Stock, to: Stock }).optional(),
  hidden: z.boolean().optional(),
});
export type ChangeProductInput = z.infer<typeof ChangeProductInput>;

export const ProductParameter = z.object({ productId: queryInteger(1, MAX_PRODUCT_ID) });
/** With a picture, and with its removal. */
export const SeenVersion = z.object({ version: queryInteger(1, 2_147_483_647) });
