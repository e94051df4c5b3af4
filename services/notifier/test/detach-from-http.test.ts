import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { detachFromHttp } from '../detach-from-http.ts';

const server = createServer();

afterEach(() => {
  server.removeAllListeners('request');
  server.close();
});

test('this Node lets a stream out of the hands of HTTP, to be written to and ended as a bare socket', async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const browser = connect((server.address() as AddressInfo).port, '127.0.0.1').setEncoding('utf8');
  browser.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const [, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  const { socket } = response;
  response.useChunkedEncodingByDefault = false;
  response.writeHead(200).flushHeaders();
  await once(browser, 'data');
  const closed = once(response, 'close');

  expect(detachFromHttp(response)).toBe(true);
  await closed;
  expect(response.socket).toBeNull();
  socket?.write('a frame');
  expect((await once(browser, 'data'))[0]).toBe('a frame');
  // Time-outs of requests, and closing what is idle, are for connections that HTTP knows.
  server.closeAllConnections();
  socket?.write('another');
  expect((await once(browser, 'data'))[0]).toBe('another');
  browser.write('GET /second HTTP/1.1\r\n');
  await once(browser, 'close');
});
