import { type HostileCase, placingOrder } from './hostile-case.ts';

/** Fields of an order: those that are not the shopper's to fill, and the limits of those that are. */
export const FIELD_CASES: readonly HostileCase[] = [
  ...[
    'status',
    'totalCents',
    'token',
    'id',
    'number',
    'version',
    'role',
    'admin',
    'placedAt',
    'currency',
    'changedBy',
  ].map(
    (member): HostileCase => ({
      name: `${member}, which is ours to say`,
      request: placingOrder({ [member]: 1 }),
      must: 400,
    }),
  ),
  ...['name', 'price', 'priceCents', 'unitPriceCents', 'discount'].map(
    (member): HostileCase => ({
      name: `a line's ${member}, which is ours to say`,
      request: placingOrder({ lines: [{ productId: 1, quantity: 1, [member]: 1 }] }),
      must: 400,
    }),
  ),
  ...[null, 1, true, ['a@b.fr'], { $ne: '' }, {}].map(
    (email): HostileCase => ({
      name: `an e-mail that is ${JSON.stringify(email)}`,
      request: placingOrder({ email }),
      must: 400,
    }),
  ),
  ...[
    'zoe',
    'zoe@',
    '@exemple.fr',
    'zoe@exemple',
    'zoe@@exemple.fr',
    'zoe@exemple.fr,y@exemple.fr',
    'zoe@exemple.fr\r\nBcc: y@exemple.fr',
    'zoe@exemple.fr\0',
    'zoe@exemple.fr?bcc=y@exemple.fr',
    'Zoé <zoe@exemple.fr>',
    `"<script>"@exemple.fr`,
    'zoe@[127.0.0.1]',
    'javascript:alert(1)@exemple.fr',
    `${'a'.repeat(250)}@b.fr`,
    '=1+1@exemple.fr',
  ].map(
    (email): HostileCase => ({
      name: `an e-mail of ${JSON.stringify(email).slice(0, 50)}`,
      request: placingOrder({ email }),
      must: 400,
    }),
  ),
  ...[
    "o'brien+miel@exemple.fr",
    'ZOE@EXEMPLE.FR',
    ' zoe@exemple.fr ',
    'z@xn--exmple-cva.fr',
    `${'a'.repeat(60)}@exemple.museum`,
  ].map(
    (email): HostileCase => ({ name: `the e-mail ${email.slice(0, 40)}`, request: placingOrder({ email }), must: 201 }),
  ),
  ...[
    '06 12 34 56 78',
    '+33 6 12 34 56 78',
    '0612345678',
    '06.12.34.56.78',
    '06-12-34-56-78',
    '+33 (0)6 12 34 56 78',
    ' 0612345678 ',
    '',
  ].map((phone): HostileCase => ({ name: `the phone «${phone}»`, request: placingOrder({ phone }), must: 201 })),
  ...[
    '０６１２３４５６７８',
    '06 12 34 56 78; DROP',
    '+'.repeat(12),
    '06\n12345678',
    '06123\u202e45678',
    '1'.repeat(33),
    612345678,
    null,
  ].map(
    (phone): HostileCase => ({
      name: `a phone of ${JSON.stringify(phone)}`,
      request: placingOrder({ phone }),
      must: 400,
    }),
  ),
  { name: 'a name of 120 emoji', request: placingOrder({ name: `Z${'🐝'.repeat(119)}` }), must: 201 },
  { name: 'a name of 121 characters', request: placingOrder({ name: 'Z'.repeat(121) }), must: 400 },
  { name: 'notes of 1,000 emoji', request: placingOrder({ notes: '🐝'.repeat(1000) }), must: 201 },
  { name: 'notes of 1,001 characters', request: placingOrder({ notes: 'x'.repeat(1001) }), must: 400 },
];
