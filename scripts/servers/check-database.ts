import { createConnection } from 'mysql2/promise';
import { isAtLeast } from './find-binaries.ts';

/** True when one can log in at this address. */
export async function databaseAnswers(url: string): Promise<boolean> {
  return (await checkDatabase(url, 2000)) === null;
}

/**
 * Logs in once and looks at the version.
 * @returns null when the database can be used, else why not, for people; never with the password
 */
export async function checkDatabase(url: string, timeoutMs: number): Promise<string | null> {
  const { hostname, port, pathname, username } = new URL(url);
  const place = `${hostname}:${port || 3306}`;
  try {
    const connection = await createConnection({ uri: url, connectTimeout: timeoutMs });
    try {
      const [rows] = await connection.query({ sql: 'select version() as version', timeout: timeoutMs });
      const version = (rows as { version: string }[])[0]?.version ?? '';
      const required = version.includes('MariaDB') ? '10.6' : '8.4';
      return isAtLeast(version, required)
        ? null
        : `The server at ${place} is ${version}; ${required} or newer is needed.`;
    } finally {
      connection.destroy();
    }
  } catch (error) {
    const { code, errno } = error as { code?: string; errno?: number };
    if (errno === 1045 || errno === 1698)
      return `The server at ${place} refuses the user «${username}» and its password.`;
    if (errno === 1049) return `The server at ${place} has no database named «${pathname.slice(1)}».`;
    if (errno === 1044)
      return `The user «${username}» has no rights on the database «${pathname.slice(1)}» at ${place}.`;
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `No machine is known by the name «${hostname}».`;
    if (code === 'ECONNREFUSED') return `Nothing listens at ${place}.`;
    return `No answer from ${place}${code ? ` (${code})` : ''}.`;
  }
}
