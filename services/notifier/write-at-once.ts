import type { Socket } from 'node:net';

/** What node:net writes a connection with: neither documented nor private, and as it is in Node 24. */
export interface Wire {
  /** @returns 0, or libuv's error. What the kernel does not take at once is kept, and `request` told when it is done. */
  writeBuffer(request: WriteRequest, bytes: Buffer): number;
}

/** Whoever wrote what the kernel had no room for. */
export interface Writer {
  onGone(isFailed: boolean): void;
}

interface WriteRequest {
  /** @param status 0, or libuv's error */
  oncomplete?: (status: number) => void;
  /** Kept from the collector until they have gone. */
  bytes?: Buffer;
}

interface StreamWrap {
  WriteWrap: new () => WriteRequest;
  streamBaseState: ArrayLike<number>;
  kLastWriteWasAsync: number;
}

const { WriteWrap, streamBaseState, kLastWriteWasAsync } = streamWrap() ?? {};
/** Serves one write after the other, for as long as each is over when it returns. */
let request = WriteWrap && new WriteWrap();

/** The bare way to the kernel of a socket that nothing is queued for; undefined where Node has become another. */
export function wireOf(socket: Socket): Wire | undefined {
  const { _handle: wire } = socket as { _handle?: Partial<Wire> | null };
  return request && typeof wire?.writeBuffer === 'function' ? (wire as Wire) : undefined;
}

/**
 * Writes bytes past the socket's own stream, without an object, a callback or a turn of the loop for each write: a
 * fan-out writes ten thousand times over, and they would cost it more than anything else that is done here.
 *
 * Nothing may be waiting in the stream (`writableLength` is 0). It may be written to afterwards, whatever came of
 * this: libuv keeps the order.
 *
 * @param writer told later, and only when bytes were kept
 * @returns whether the kernel took all of it, some is kept and goes by itself, or the connection is no more
 */
export function writeAtOnce(wire: Wire, bytes: Buffer, writer: Writer): 'taken' | 'kept' | 'failed' {
  const used = request as WriteRequest;
  if (wire.writeBuffer(used, bytes) !== 0) return 'failed';
  if (streamBaseState?.[kLastWriteWasAsync as number] === 0) return 'taken';
  used.bytes = bytes;
  used.oncomplete = (status) => writer.onGone(status !== 0);
  request = WriteWrap && new WriteWrap();
  return 'kept';
}

/** What node:net itself is made of, if it is as we know it. */
function streamWrap(): StreamWrap | undefined {
  const { binding } = process as { binding?: (name: string) => Partial<StreamWrap> };
  try {
    const { WriteWrap, streamBaseState, kLastWriteWasAsync } = binding?.('stream_wrap') ?? {};
    if (typeof WriteWrap !== 'function' || !streamBaseState || kLastWriteWasAsync === undefined) return undefined;
    return { WriteWrap, streamBaseState, kLastWriteWasAsync };
  } catch {
    return undefined;
  }
}
