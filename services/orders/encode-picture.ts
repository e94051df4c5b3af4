import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { HttpProblem } from '../../shared/process/http-problem.ts';

/** Exit codes of the encoder. */
export const NOT_A_PICTURE = 2;
export const TOO_MANY_PIXELS = 3;

/** A photograph of 25 million pixels takes one second; whatever takes longer is not worth waiting for. */
const ENCODE_MS = 6_000;
/** Of what is served; a picture of 1000 × 1000 pixels of noise stays below. */
const MAX_ENCODED_BYTES = 2 * 1024 * 1024;

const ENCODER = join(import.meta.dirname, 'picture-encoder.js');

/** JPEG, PNG, WebP by their first bytes; the decoders look closer. */
const isJpeg = (head: string) => head.startsWith('\u00ff\u00d8\u00ff');
const isPng = (head: string) => head.startsWith('\u0089PNG\r\n\u001a\n');
const isWebp = (head: string) => head.startsWith('RIFF') && head.startsWith('WEBP', 8);

let isBusy = false;

/**
 * Draws an uploaded picture anew, as WebP of at most 1000 × 1000 pixels: what is served was written by our own encoder,
 * pixel by pixel, whatever was hidden in the file that came.
 *
 * In a process of its own, with an empty environment: decoders of pictures are the code that strangers' bytes go
 * deepest into. Should one crash, hang or be taken over, it has no secret, no connection and six seconds, and orders
 * are taken meanwhile. One at a time.
 *
 * @throws {HttpProblem} `validation` for `picture`: `invalid` for what is no JPEG, PNG or WebP, `too_big` beyond 25
 * million pixels; `overloaded` while another one is at work
 */
export async function encodePicture(uploaded: Uint8Array): Promise<Buffer> {
  const head = Buffer.from(uploaded.subarray(0, 16)).toString('latin1');
  if (!isJpeg(head) && !isPng(head) && !isWebp(head)) throw refused('invalid');
  if (isBusy) throw new HttpProblem(503, 'overloaded', { retryAfterSeconds: 2 });
  isBusy = true;
  try {
    return await encode(uploaded);
  } finally {
    isBusy = false;
  }
}

async function encode(uploaded: Uint8Array): Promise<Buffer> {
  const encoder = spawn(process.execPath, ['--max-old-space-size=64', ENCODER], {
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: ENCODE_MS,
    killSignal: 'SIGKILL',
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    encoder.once('error', reject);
    encoder.once('close', resolve);
  });
  // It may be gone before it has read everything.
  encoder.stdin.on('error', () => {});
  encoder.stdin.end(uploaded);
  const [encoded, code] = await Promise.all([buffer(encoder.stdout), ended]);
  if (code === TOO_MANY_PIXELS) throw refused('too_big');
  if (code !== 0 || encoded.length === 0 || encoded.length > MAX_ENCODED_BYTES) throw refused('invalid');
  return encoded;
}

function refused(message: 'invalid' | 'too_big'): HttpProblem {
  return new HttpProblem(400, 'validation', { extra: { errors: [{ path: 'picture', message }] } });
}
