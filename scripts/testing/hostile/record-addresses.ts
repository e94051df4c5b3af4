import { once } from 'node:events';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { atEnd } from '../test-guard.ts';

export interface AddressRecorder {
  url: string;
  /** Method and address of every request that passed. */
  addresses: string[];
}

/** Stands before a service and writes down what it is asked, as a proxy's access log would; ended with the test file. */
export async function recordAddresses(serviceUrl: string): Promise<AddressRecorder> {
  const { hostname, port } = new URL(serviceUrl);
  const addresses: string[] = [];
  const server = createServer((request, response) => {
    addresses.push(`${request.method} ${request.url}`);
    const { method, url: path, headers } = request;
    const onward = forward({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, addresses };
}
