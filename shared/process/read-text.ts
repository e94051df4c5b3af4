import { HttpProblem } from './http-problem.ts';
import { readChunks } from './read-bytes.ts';

/**
 * The body of a request as text. Bytes that are no UTF-8 are refused rather than replaced: a name must not change on
 * its way.
 * @throws {HttpProblem} 413 beyond `maxBytes`, 400 for anything but UTF-8 and for what breaks off
 */
export async function readText(request: Request, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk?: Uint8Array) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (cause) {
      throw new HttpProblem(400, 'validation', { detail: 'The body is not UTF-8.', cause });
    }
  };
  let text = '';
  for await (const chunk of readChunks(request, maxBytes)) text += decode(chunk);
  return text + decode();
}
