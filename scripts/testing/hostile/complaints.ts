import type { HostileCase } from './hostile-case.ts';
import { send, type WireAnswer } from './wire.ts';

/** A face of the system that hostile requests are sent to. */
export interface Face {
  url: string;
  /** All that a refused request must leave as it was; compared as JSON. */
  state(): Promise<unknown>;
  /** What else is wrong with an answer. */
  judge?(answer: WireAnswer, name: string): string[];
}

/** Nothing of our insides belongs into a refusal: no file, no query, no driver. */
const INSIDES =
  /node_modules|node:internal|\.tsx?:\d|\bat \w+ \(|\b(?:select|insert into|update|delete from)\b .*\b(?:from|values|set|where)\b|mysql|mariadb|ECONN|HPE_|errno/i;

/**
 * Sends every case and tells, a line each, where what came is not what must come, where a refusal changed
 * something, where one told too much, and where there was a server error. Empty when all is well.
 */
export async function complaintsAbout(face: Face, cases: readonly HostileCase[]): Promise<string[]> {
  const complaints: string[] = [];
  let before = JSON.stringify(await face.state());
  for (const { name, request, must } of cases) {
    const complain = (what: string) => complaints.push(`${name}: ${what}`);
    const answer = await send(face.url, request);
    const after = JSON.stringify(await face.state());
    const outcome = answer?.status ?? 'silence';
    // A page that sends strangers to its sign-in refuses, too.
    const isSentAway = answer?.headers.get('location')?.startsWith('/admin/login') ?? false;
    const isRefusal = outcome === 'silence' || outcome >= 400 || isSentAway;
    if (![must].flat().includes(outcome)) complain(`${outcome} instead of ${must}: ${answer?.body.slice(0, 200)}`);
    if (isRefusal && before !== after) complain(`${outcome}, and yet ${before} became ${after}`);
    if (answer && isRefusal && INSIDES.test(answer.body)) complain(`tells too much: ${answer.body.slice(0, 300)}`);
    if (answer) for (const what of face.judge?.(answer, name) ?? []) complain(what);
    before = after;
  }
  return complaints;
}

/** Lines of a process's log that tell of an error: no input may cause one. */
export function errorsIn(logs: string): string[] {
  return logs.split('\n').filter((line) => /"level":[56]0/.test(line) || /^\s+at |Uncaught|Unhandled/.test(line));
}

/** Answers of 5xx that a process has counted; a start that was not ready yet is none. */
export function serverErrors(metrics: string): string[] {
  const counts = metrics.match(/^http_request_duration_seconds_count\{.*status="5.*$/gm) ?? [];
  return counts.filter((line) => !line.includes('route="/readyz"'));
}
