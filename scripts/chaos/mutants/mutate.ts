import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import { build } from '../../build.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** An exact piece of one source file, and what stands there instead. */
export interface Edit {
  file: string;
  from: string;
  to: string;
}

/** The system with one of its safeguards taken out. */
export interface Mutant {
  /** For directories, and for people. */
  name: string;
  edits: readonly Edit[];
}

/**
 * Builds the whole system with these edits made while the sources are read; the sources themselves stay as they are.
 *
 * @throws when a piece is no longer in its file exactly once: a mutant that rots would prove nothing
 */
export async function buildMutant(mutant: Mutant, directory: string): Promise<void> {
  const { failed } = await build({ directory, plugins: [editSources(await editedFiles(mutant))] });
  if (failed.length > 0) throw new Error(`«${mutant.name}» could not be built: ${failed.join(', ')}`);
}

/** @returns by absolute path, each file that has edits, with all of them made */
async function editedFiles({ name, edits }: Mutant): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const { file, from, to } of edits) {
    const path = resolve(ROOT, file);
    const source = files.get(path) ?? (await readFile(path, 'utf8'));
    const pieces = source.split(from).length - 1;
    if (pieces !== 1)
      throw new Error(`«${name}»: a piece stands ${pieces} times in ${file}, and has to once:\n${from}`);
    files.set(
      path,
      source.replace(from, () => to),
    );
  }
  return files;
}

function editSources(files: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'edit-sources',
    setup(setup) {
      setup.onLoad({ filter: /\.tsx?$/ }, ({ path }) => {
        const contents = files.get(path);
        return contents === undefined ? undefined : { contents, loader: extname(path) === '.tsx' ? 'tsx' : 'ts' };
      });
    },
  };
}
