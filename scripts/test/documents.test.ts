import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'SECURITY.md'];
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

const PLACES = '{services,shared,web,scripts,docs}';
const allFiles = globSync([`${PLACES}/**`, '.ci/*', '*', '.env.example'], { cwd: ROOT }).filter(
  (file) => !file.startsWith('node_modules'),
);

/** What is made at run time, and what is an example. */
const NO_FILES = ['.data/secrets.json', 'services/orders/migrations/NNN-name.ts'];

/** Whether there is something that this names: a path from the root, or the end of one, with `*` and `{a,b}`. */
const exists = (name: string) =>
  globSync([name, `${PLACES}/**/${name}`], { cwd: ROOT }).length > 0 ||
  allFiles.some((file) => `/${file}`.endsWith(`/${name}`));

describe.each(DOCUMENTS)('%s', (document) => {
  const text = read(document).replaceAll(/```[\s\S]*?```/g, '');

  test('links to what is there', () => {
    const targets = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)|src="([^"]+)"/g)].map(
      ([, link, source]) => link ?? source!,
    );
    const ours = targets.filter((target) => !/^https?:/.test(target));
    expect(ours.length).toBeGreaterThan(2);
    expect(ours.filter((target) => !exists(target.replace(/\/$/, '')))).toEqual([]);
  });

  test('names files that are there', () => {
    const names = [...text.matchAll(/`([^`\s]+\.(?:tsx?|mjs|css|yaml|json|md|sh|svg))`/g)].map(([, name]) => name!);
    expect(names.filter((name) => !NO_FILES.includes(name) && !exists(name))).toEqual([]);
  });

  test('names commands that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const commands = [...read(document).matchAll(/npm run ([a-z][\w-]*)/g)].map(([, name]) => name!);
    expect(commands.filter((name) => !(name in scripts))).toEqual([]);
  });
});

test('the README tells of every setting that is read, and of no other', () => {
  const table = /## Settings\n([\s\S]*?)\n## /.exec(read('README.md'))![1]!;
  const rows = [...table.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, cell]) => [...cell!.matchAll(/`(\w+)`/g)]);
  const told = new Set(rows.map(([, name]) => name!));
  const code = globSync(`${PLACES}/**/*.ts`, { cwd: ROOT })
    .filter((file) => !/\/test\/|\/testing\/|\/bench\/|\/chaos\//.test(file))
    .map(read)
    .join('\n');
  const isRead = (name: string) => new RegExp(`\\b${name}\\b`).test(code);
  expect([...told].filter((name) => !isRead(name))).toEqual([]);
  const configs = globSync('{services/*,web,shared/process}/{main,migrate,settings,config}.ts', { cwd: ROOT })
    .map(read)
    .join('\n');
  const asked = new Set([...configs.matchAll(/^\s+([A-Z][A-Z0-9]+_[A-Z0-9_]+):/gm)].map(([, name]) => name!));
  expect(asked.size).toBeGreaterThan(10);
  expect([...asked].filter((name) => !told.has(name))).toEqual([]);
});
