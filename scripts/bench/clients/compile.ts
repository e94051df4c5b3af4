import { join, resolve } from 'node:path';
import { findProgram } from '../../servers/find-binaries.ts';
import { runCommand } from '../../servers/run-command.ts';
import type { Guard } from '../../supervise/guard.ts';

const SOURCES = resolve(import.meta.dirname, '../c');
const COMPILE_MS = 60_000;

/** A C compiler; undefined when there is none. */
export function findCompiler(): string | undefined {
  return findProgram(['gcc', 'cc', 'clang']);
}

/** Compiles one of the clients into a directory. @returns the program @throws an Error with the compiler's words */
export async function compileClient(
  guard: Guard,
  compiler: string,
  name: 'subscribers' | 'shoppers',
  directory: string,
): Promise<string> {
  const program = join(directory, name);
  const args = ['-O2', '-Wall', '-Wextra', '-Werror', '-o', program, join(SOURCES, `${name}.c`)];
  await runCommand(guard, compiler, args, { timeoutMs: COMPILE_MS });
  return program;
}
