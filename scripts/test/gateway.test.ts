import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MAX_PICTURE_BYTES } from '../../shared/contracts/product.ts';
import { MAX_BODY_BYTES } from '../../web/read-form.ts';

const caddyfile = readFileSync(join(import.meta.dirname, '../gateway/Caddyfile'), 'utf8').replaceAll(/^\s*#.*$/gm, '');
const maxBytes = (matcher: string) => {
  const [, number, unit] = new RegExp(`request_body ${matcher} \\{\\s*max_size (\\d+)(KB|MB)\\s*\\}`).exec(caddyfile)!;
  return Number(number) * (unit === 'MB' ? 1_000_000 : 1_000);
};

describe('the gateway', () => {
  test('lets through what web takes: forms, and pictures of products', () => {
    expect(maxBytes('@form')).toBeGreaterThan(MAX_BODY_BYTES);
    expect(maxBytes('@picture')).toBeGreaterThan(MAX_PICTURE_BYTES + MAX_BODY_BYTES);
  });

  test('leaves no copy alone for a request that broke off', () => {
    expect(caddyfile).not.toMatch(/\b(fail_duration|max_fails|unhealthy_\w+)\b/);
  });
});
