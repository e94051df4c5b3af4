/**
 * `npm run boundaries`: keeps the arrows between the parts.
 *
 *   services/orders     own folder, shared/                      alone has the database: kysely, mysql2
 *   services/notifier   own folder, shared/, web/fragments/
 *   web                 own folder, shared/
 *   shared/contracts    own folder; zod and Node's own modules
 *   shared/process      own folder; npm packages                 no domain noun, so nothing of contracts
 *   scripts             anything; nobody imports it
 *
 * Tests may import scripts/testing/ as well, and development's packages; nothing else may, because images are
 * built without those. Types count like values.
 */
import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, normalize, resolve } from 'node:path';

const AREAS: Record<string, { folders: readonly string[]; packages?: readonly string[] }> = {
  'services/orders/': { folders: ['services/orders/', 'shared/'] },
  'services/notifier/': { folders: ['services/notifier/', 'shared/', 'web/fragments/'] },
  'web/': { folders: ['web/', 'shared/'] },
  'shared/contracts/': { folders: ['shared/contracts/'], packages: ['zod'] },
  'shared/process/': { folders: ['shared/process/'] },
};
const DATABASE_PACKAGES = ['kysely', 'mysql2'];
const DATABASE_OWNERS = ['services/orders/', 'scripts/'];

export interface Import {
  from: string;
  line: number;
  specifier: string;
}

/** Every import and re-export of a file: static, dynamic, of types, and in types. */
export function readImports(from: string, text: string): Import[] {
  const code = withoutComments(text);
  const pattern = /\b(?:from|import|require)\s*\(?\s*(['"])([^'"\n]+)\1/g;
  return [...code.matchAll(pattern)].map((match) => ({
    from,
    line: code.slice(0, match.index).split('\n').length,
    specifier: match[2] as string,
  }));
}

/** Why an import is not allowed; null when it is. */
export function judgeImport(one: Import, developmentPackages: ReadonlySet<string>): string | null {
  // What stands in a folder named test is only there for the tests beside it.
  const isTest = /\.test\.tsx?$|\/test\//.test(one.from);
  if (!one.specifier.startsWith('.')) return judgePackage(one, developmentPackages, isTest);
  const target = normalize(join(one.from, '..', one.specifier));
  if (target.startsWith('scripts/') && !one.from.startsWith('scripts/')) {
    return isTest && target.startsWith('scripts/testing/') ? null : 'nothing but tests imports scripts/';
  }
  const area = Object.entries(AREAS).find(([folder]) => one.from.startsWith(folder));
  if (!area || area[1].folders.some((folder) => target.startsWith(folder))) return null;
  return `${area[0]} may only import ${area[1].folders.join(', ')}`;
}

function judgePackage(one: Import, developmentPackages: ReadonlySet<string>, isTest: boolean): string | null {
  if (isBuiltin(one.specifier)) return null;
  const name = one.specifier
    .split('/')
    .slice(0, one.specifier.startsWith('@') ? 2 : 1)
    .join('/');
  if (DATABASE_PACKAGES.includes(name) && !DATABASE_OWNERS.some((folder) => one.from.startsWith(folder))) {
    return `${name} is for ${DATABASE_OWNERS.join(' and ')} only`;
  }
  const area = Object.entries(AREAS).find(([folder]) => one.from.startsWith(folder));
  if (!area || isTest) return null;
  if (developmentPackages.has(name)) return `${name} is for development; it is not there in production`;
  if (area[1].packages && !area[1].packages.includes(name))
    return `${area[0]} may only use ${area[1].packages.join(', ')}`;
  return null;
}

/** Complaints about package.json and package-lock.json: ranges, and addresses of a registry. */
export function judgePackages(manifest: string, lock: string): string[] {
  const complaints: string[] = [];
  for (const [kind, packages] of Object.entries(JSON.parse(manifest) as Record<string, unknown>)) {
    if (!/^(?:dev|optional|peer)?dependencies$/i.test(kind)) continue;
    for (const [name, version] of Object.entries(packages as Record<string, string>)) {
      if (!/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)) {
        complaints.push(`package.json: ${name} is ${version}; give one exact version`);
      }
    }
  }
  for (const [index, line] of lock.split('\n').entries()) {
    if (line.includes('"resolved"')) complaints.push(`package-lock.json:${index + 1}: names a registry's address`);
  }
  return complaints;
}

/** Blanks comments, keeping the lines. A `//` inside of a string only hides what stands after it in its line. */
function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|[^:'"`])\/\/.*$/gm, '$1');
}

function checkTree(root: string): string[] {
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const manifest = read('package.json');
  const developmentPackages = new Set(
    Object.keys((JSON.parse(manifest) as { devDependencies?: object }).devDependencies ?? {}),
  );
  const files = globSync('{services,shared,web,scripts}/**/*.{ts,tsx,mts,js,mjs}', { cwd: root }).sort();
  const complaints = files
    .flatMap((path) => readImports(path, read(path)))
    .flatMap((one) => {
      const why = judgeImport(one, developmentPackages);
      return why ? [`${one.from}:${one.line}: imports ${one.specifier}, but ${why}`] : [];
    });
  return [...complaints, ...judgePackages(manifest, read('package-lock.json'))];
}

if (import.meta.main) {
  const complaints = checkTree(resolve(import.meta.dirname, '..'));
  for (const complaint of complaints) console.error(complaint);
  if (complaints.length > 0) process.exit(1);
  console.log('The boundaries hold.');
}
