import { readFile } from 'node:fs/promises';

/** A server that cannot be had: what happened, and what to do about it, for people. */
export class ServerFailure extends Error {
  override name = 'ServerFailure';
}

/** The last lines of a log, at most `lines`; empty when there is none. */
export async function tail(path: string, lines: number): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}

/** What the operating system said, in words, for the failures that people meet. */
export function describeFileError(error: unknown): string {
  const { code, path, message } = error as NodeJS.ErrnoException;
  const where = path ? ` (${path})` : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return `The disk is full${where}.`;
  if (code === 'EACCES' || code === 'EPERM') return `Writing is not permitted${where}.`;
  if (code === 'EROFS') return `The file system is read-only${where}.`;
  return message;
}
