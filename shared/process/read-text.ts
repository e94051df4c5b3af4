import { HttpProblem } from './http-problem.ts';

/**
 * The body of a request as text. Stops reading at the bound, whatever length was announced (Hono's own limit cannot
 * copy this server's requests when none was). Bytes that are no UTF-8 are refused rather than replaced: a name must
 * not change on its way.
 * @throws {HttpProblem} 413 beyond `maxBytes`, 400 for anything but UTF-8 and for what breaks off
 */
export async function readText(request: Request, maxBytes: number): Promise<string> {
  const tooLarge = () => new HttpProblem(413, 'too_large');
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk?: Uint8Array) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (cause) {
      throw new HttpProblem(400, 'validation', { detail: 'The body is not UTF-8.', cause });
    }
  };
  let text = '';
  let bytes = 0;
  try {
    for await (const chunk of request.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw tooLarge();
      text += decode(chunk);
    }
    return text + decode();
  } catch (cause) {
    if (cause instanceof HttpProblem) throw cause;
    // The sender's doing: no fault of ours, nor of a server behind us.
    throw new HttpProblem(400, 'validation', { detail: 'The body broke off.', cause });
  }
}
