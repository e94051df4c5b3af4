import { type Agent, request } from 'node:http';

/** Reads one answer whole, undecoded. @throws when its status is neither 200 nor 204 */
export function get(agent: Agent, port: number, path: string, headers: Record<string, string>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const sent = request({ agent, host: '127.0.0.1', port, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200 || response.statusCode === 204) resolve(Buffer.concat(chunks));
        else reject(new Error(`${path} was answered ${response.statusCode}.`));
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}
