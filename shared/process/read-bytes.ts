import { HttpProblem } from './http-problem.ts';

/**
 * The body of a request, piece by piece. Stops reading at the bound, whatever length was announced (Hono's own limit
 * cannot copy this server's requests when none was).
 * @throws {HttpProblem} 413 beyond `maxBytes`, 400 for what breaks off
 */
export async function* readChunks(request: Request, maxBytes: number): AsyncGenerator<Uint8Array> {
  const tooLarge = () => new HttpProblem(413, 'too_large');
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  let bytes = 0;
  try {
    for await (const chunk of request.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw tooLarge();
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof HttpProblem) throw cause;
    // The sender's doing: no fault of ours, nor of a server behind us.
    throw new HttpProblem(400, 'validation', { detail: 'The body broke off.', cause });
  }
}

/** The body of a request as it came. Throws as `readChunks` does. */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readChunks(request, maxBytes)) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}
