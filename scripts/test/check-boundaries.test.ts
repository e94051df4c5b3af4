import { describe, expect, test } from 'vitest';
import { judgeImport, judgePackages, readImports } from '../check-boundaries.ts';

const development = new Set(['vitest', 'axe-core']);
const judge = (from: string, specifier: string) => judgeImport({ from, line: 1, specifier }, development);

describe('what may be imported', () => {
  test.each([
    ['services/orders/place.ts', '../../shared/contracts/order.ts'],
    ['services/orders/connect.ts', 'mysql2/promise'],
    ['services/notifier/app.ts', '../../web/fragments/live-update.tsx'],
    ['services/notifier/app.ts', './ring.ts'],
    ['web/app.ts', '../shared/process/log.ts'],
    ['web/shop/cart.ts', '../locales/shop.ts'],
    ['shared/contracts/order.ts', 'zod'],
    ['shared/contracts/session-token.ts', 'node:crypto'],
    ['shared/process/metrics.ts', 'prom-client'],
    ['services/orders/test/place.test.ts', '../../../scripts/testing/system.ts'],
    ['services/orders/test/place.test.ts', 'vitest'],
    ['scripts/testing/database.ts', 'mysql2/promise'],
  ])('%s may import %s', (from, specifier) => {
    expect(judge(from, specifier)).toBeNull();
  });
});

describe('what may not be imported', () => {
  test.each([
    ['services/orders/place.ts', '../notifier/ring.ts'],
    ['services/orders/place.ts', '../../web/fragments/format.ts'],
    ['services/notifier/app.ts', '../orders/database.ts'],
    ['services/notifier/app.ts', '../../web/layout.tsx'],
    ['services/notifier/app.ts', 'kysely'],
    ['web/app.ts', '../services/orders/app.ts'],
    ['web/app.ts', 'mysql2/promise'],
    ['web/app.ts', '../scripts/build.ts'],
    ['web/test/app.test.ts', '../../scripts/build.ts'],
    ['web/app.ts', '../scripts/testing/system.ts'],
    ['web/app.ts', 'axe-core'],
    ['shared/contracts/order.ts', '../process/log.ts'],
    ['shared/contracts/order.ts', 'hono'],
    ['shared/process/log.ts', '../contracts/order.ts'],
  ])('%s may not import %s', (from, specifier) => {
    expect(judge(from, specifier)).toEqual(expect.any(String));
  });
});

test('imports of every form are found, with their lines, and those in comments are not', () => {
  const text = [
    "import { a } from './a.ts';",
    'import type {',
    '  B,',
    "} from './b.ts';",
    "import './c.ts';",
    "export * from './d.ts';",
    "const e = await import('./e.ts');",
    "type F = import('./f.ts').F;",
    "// import './not.ts';",
    "/* from './neither.ts' */ import g from './g.ts';",
  ].join('\n');
  expect(readImports('x.ts', text).map(({ line, specifier }) => [line, specifier])).toEqual([
    [1, './a.ts'],
    [4, './b.ts'],
    [5, './c.ts'],
    [6, './d.ts'],
    [7, './e.ts'],
    [8, './f.ts'],
    [10, './g.ts'],
  ]);
});

test('a range of versions and the address of a registry are refused', () => {
  const manifest = JSON.stringify({ dependencies: { a: '^1.2.3', b: '1.2.3' }, devDependencies: { c: 'latest' } });
  const lock = '{\n  "resolved": "https://registry.example/a.tgz"\n}';
  expect(judgePackages(manifest, lock)).toEqual([
    'package.json: a is ^1.2.3; give one exact version',
    'package.json: c is latest; give one exact version',
    "package-lock.json:2: names a registry's address",
  ]);
});
