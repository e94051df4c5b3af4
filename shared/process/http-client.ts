/** What a call to another process came to. A program's refusal is an answer, not an exception. */
export interface CallResult {
  status: number;
  /** Parsed JSON; undefined when the body was empty or not JSON. Bytes, where they were asked for and the answer is 200. */
  body: unknown;
  headers: Headers;
}

/** No answer: refused, reset, or out of time. Whether the other side did the work is unknown. */
export class NoAnswer extends Error {
  override name = 'NoAnswer';
}

export interface CallOptions {
  method?: string;
  headers?: Record<string, string>;
  json?: unknown;
  /** A body that is no JSON. */
  bytes?: Uint8Array<ArrayBuffer>;
  /** What the answer's body is to be; JSON unless told. */
  as?: 'json' | 'bytes';
  /** For the whole call, all attempts included, in milliseconds. */
  deadlineMs: number;
  /**
   * How often the call may be made in all (1 to 5). More than one only for calls that are safe to repeat.
   * Repeated on no answer and on 408, 503 and 504, after 50 ms doubling, with jitter.
   */
  attempts?: number;
  /** One attempt's share of the deadline, in milliseconds; the deadline itself unless told. */
  attemptMs?: number;
}

/** The request came too late or not whole (a process that was frozen says so when it wakes), overload, time-out. */
const REPEATABLE = new Set([408, 503, 504]);

/**
 * Calls another process and waits no longer than the deadline.
 * @throws {NoAnswer} when the last attempt got none
 */
export async function call(url: string, options: CallOptions): Promise<CallResult> {
  const end = performance.now() + options.deadlineMs;
  const attempts = options.attempts ?? 1;
  for (let attempt = 1; ; attempt += 1) {
    const left = end - performance.now();
    try {
      const result = await once(url, options, Math.max(1, Math.ceil(Math.min(left, options.attemptMs ?? left))));
      if (!REPEATABLE.has(result.status) || attempt >= attempts) return result;
    } catch (error) {
      if (attempt >= attempts || performance.now() >= end) throw new NoAnswer('no answer', { cause: error });
    }
    const pauseMs = 50 * 2 ** (attempt - 1) * (0.5 + Math.random());
    if (performance.now() + pauseMs >= end) throw new NoAnswer('out of time');
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

async function once(url: string, options: CallOptions, timeoutMs: number): Promise<CallResult> {
  const init: RequestInit = {
    method: options.method ?? 'GET',
    headers: {
      Accept: 'application/json',
      ...(options.json === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(options.bytes === undefined ? {} : { 'Content-Type': 'application/octet-stream' }),
      ...options.headers,
    },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  };
  if (options.json !== undefined) init.body = JSON.stringify(options.json);
  if (options.bytes !== undefined) init.body = options.bytes;
  const response = await fetch(url, init);
  if (options.as === 'bytes' && response.status === 200) {
    const body = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, body };
  }
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parse(text) };
}

function parse(text: string): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
