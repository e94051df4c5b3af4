import { type Logger, pino } from 'pino';

export type { Logger };

/**
 * One JSON object a line on standard output. No personal data: whoever logs passes ids, codes and counts,
 * never bodies, headers, addresses or full URLs. The redaction is a second net, not the rule.
 */
export function createLogger(service: string, level: string): Logger {
  return pino({
    level,
    base: { service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['*.email', '*.name', '*.phone', '*.token', '*.password', '*.authorization', '*.cookie'],
      remove: true,
    },
    serializers: { err: errorForLog },
  });
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
