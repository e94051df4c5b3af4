import { expect, test } from 'vitest';
import { suggestEmail } from '../browser/shop/suggest-email.ts';

test.each([
  ['marie@gmial.com', 'marie@gmail.com'],
  ['marie@gmail.con', 'marie@gmail.com'],
  ['marie@gmail.fr', 'marie@gmail.com'],
  ['Marie.Curie@Hotmial.fr', 'Marie.Curie@hotmail.fr'],
  ['a@b@orage.fr', 'a@b@orange.fr'],
  ['x@wanado.fr', 'x@wanadoo.fr'],
  ['x@yaho.fr', 'x@yahoo.fr'],
  ['x@laposte.ne', 'x@laposte.net'],
  ['x@fere.fr', 'x@free.fr'],
  ['x@outlook.cm', 'x@outlook.com'],
])('%s is probably %s', (typed, meant) => {
  expect(suggestEmail(typed)).toBe(meant);
});

test.each([
  'x@gmail.com',
  'x@hotmail.it',
  'x@outlook.de',
  'x@mail.com',
  'x@ymail.com',
  'x@gmx.net',
  'x@live.be',
  'x@exemple.fr',
  'x@free.org',
  'x@sncf.fr',
  'x@orange-business.com',
  '@gmial.com',
  'gmial.com',
  'x@',
  '',
  `x@${'g'.repeat(250)}`,
])('%s is left alone', (typed) => {
  expect(suggestEmail(typed)).toBeUndefined();
});
