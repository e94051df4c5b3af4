import { startTcpProxy, type TcpProxy } from '../faults/tcp-proxy.ts';
import { atEnd } from './test-guard.ts';

/** A line to a process that can be made to fail; ended with the test file. */
export async function testProxy(url: string): Promise<TcpProxy & { readonly url: string }> {
  const proxy = await startTcpProxy(() => Number(new URL(url).port));
  atEnd(() => proxy.close());
  return { ...proxy, url: `http://127.0.0.1:${proxy.port}` };
}
