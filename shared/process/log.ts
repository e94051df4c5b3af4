import { type Logger, type LoggerOptions, pino } from 'pino';

export type { Logger };

/** What is kept of lines that could not be written, until they can be; more is dropped. */
const MAX_UNWRITTEN_BYTES = 256 * 1024;

/**
 * One JSON object a line on standard output. No personal data: whoever logs passes ids, codes and counts,
 * never bodies, headers, addresses or full URLs. The redaction is a second net, not the rule.
 * A log that cannot be written (its disk is full, its reader is gone) is no reason to stop working.
 */
export function createLogger(service: string, level: string): Logger {
  const output = pino.destination({ fd: 1, sync: true, maxLength: MAX_UNWRITTEN_BYTES });
  output.on('error', () => {});
  const options: LoggerOptions = {
    level,
    base: { service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['*.email', '*.name', '*.phone', '*.token', '*.password', '*.authorization', '*.cookie'],
      remove: true,
    },
    serializers: { err: errorForLog },
  };
  return pino(options, output);
}

/** An error without what a driver may have put into it: SQL with values, connection strings, bodies. */
function errorForLog(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, errno } = error as { code?: unknown; errno?: unknown };
  return {
    type: error.name,
    // Driver messages quote values («Duplicate entry 'x@y' for key …»), so they stay out.
    message: errno === undefined ? error.message : undefined,
    code,
    errno,
    stack: error.stack?.split('\n').slice(1, 8).join('\n'),
    cause: error.cause instanceof Error ? errorForLog(error.cause) : undefined,
  };
}
