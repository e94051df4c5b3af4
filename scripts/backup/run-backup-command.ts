import { ConfigError } from '../../shared/process/config.ts';
import { ServerFailure } from '../servers/server-failure.ts';
import { StartFailure } from '../start/start-failure.ts';
import { followParent } from '../supervise/follow-parent.ts';
import { BackupFailure } from './backup-failure.ts';

/**
 * Runs `backup` or `restore`, and turns what goes wrong into one message and exit code 1.
 * @param work gets a way to say what has to be ended should a signal come; what was not finished is not there then
 */
export async function runBackupCommand(
  name: string,
  work: (onStop: (end: () => Promise<void>) => void) => Promise<void>,
): Promise<void> {
  let end: () => Promise<void> = async () => {};
  const stop = () => void end().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  followParent(stop);
  try {
    await work((ending) => {
      end = ending;
    });
    process.exit(0);
  } catch (error) {
    const expected = [BackupFailure, StartFailure, ServerFailure, ConfigError].some((kind) => error instanceof kind);
    const isUsage = String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS');
    console.error(`\n${expected || isUsage ? (error as Error).message : ((error as Error).stack ?? error)}`);
    console.error(`No ${name} was made.`);
    process.exit(1);
  }
}
