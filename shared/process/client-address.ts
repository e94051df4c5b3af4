import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { Context } from 'hono';
import { z } from 'zod';

/**
 * Whether a peer is a proxy of ours, whose word on who is behind it counts.
 * @param hops how many of our proxies stand between this peer and us: 0 for the one that is connected to us
 */
export type TrustsProxy = (peer: string, hops: number) => boolean;

const MAX_HOPS = 8;
/** Who may be in reach without coming from the internet: loopback, private, link-local and unique local addresses. */
export const LOCAL_NETWORKS = ['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16']
  .concat('::1/128', 'fc00::/7', 'fe80::/10')
  .join(',');

export const trustHops = (count: number): TrustsProxy => {
  return (_peer, hops) => hops < count;
};

/**
 * Tells whether an address is in one of these networks.
 * @param networks such as `10.0.0.0/8,fd00::/8`, or single addresses; undefined when one of them is neither
 */
export function addressesIn(networks: string): ((address: string) => boolean) | undefined {
  const list = new BlockList();
  for (const text of networks.split(',')) {
    const [, address = '', bits] = /^\s*([0-9a-f.:]+)(?:\/(\d{1,3}))?\s*$/i.exec(text) ?? [];
    const version = isIP(address);
    if (version === 0 || Number(bits ?? 0) > (version === 4 ? 32 : 128)) return undefined;
    list.addSubnet(address, Number(bits ?? (version === 4 ? 32 : 128)), version === 4 ? 'ipv4' : 'ipv6');
  }
  return (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/**
 * TRUST_PROXY: how many proxies stand in front (`0` none, `1` a gateway, `2` a gateway behind a load balancer …), or
 * the networks that they are in.
 */
export const trustProxy = z
  .string()
  .default('0')
  .transform((text, ctx): TrustsProxy => {
    const hops = { true: 1, false: 0 }[text] ?? (/^\d$/.test(text) ? Number(text) : undefined);
    const trusts = hops === undefined ? addressesIn(text) : trustHops(hops);
    if (trusts && (hops ?? 0) <= MAX_HOPS) return trusts;
    ctx.addIssue({
      code: 'custom',
      message: `must be a number of proxies up to ${MAX_HOPS}, or networks such as 10.0.0.0/8`,
    });
    return z.NEVER;
  });

/**
 * Where a request came from: the nearest address that is no proxy of ours.
 *
 * Each proxy adds to the right of X-Forwarded-For whom it was asked by, so only what our own proxies added can be
 * believed; whatever a client wrote there itself stands further left, and is never reached.
 *
 * @param peer the other end of the connection
 * @returns an address in its canonical form; `unknown` where there is no connection
 */
export function clientAddress(peer: string | undefined, forwardedFor: string | undefined, trusts: TrustsProxy): string {
  let address = canonical(peer) ?? 'unknown';
  const behind = (forwardedFor ?? '').split(',').reverse();
  for (let hops = 0; hops < behind.length && trusts(address, hops); hops += 1) {
    const next = canonical(behind[hops]);
    // A proxy that could not say who asked it: then it is all that is known.
    if (!next) break;
    address = next;
  }
  return address;
}

export function addressOf(c: Context, trusts: TrustsProxy): string {
  return clientAddress(peerOf(c), c.req.header('x-forwarded-for'), trusts);
}

/** The other end of the connection; undefined for requests that came by none. */
export function peerOf(c: Context): string | undefined {
  const { incoming } = (c.env ?? {}) as { incoming?: IncomingMessage };
  return canonical(incoming?.socket.remoteAddress);
}

/**
 * What one subscriber of the internet is given: an IPv4 address, or a /64 of IPv6, within which anybody may choose
 * addresses freely (RFC 6177).
 */
export function subscriberOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [front = '', back] = address.split('::');
  const groups = front.split(':').filter(Boolean);
  const after = back?.split(':').filter(Boolean) ?? [];
  if (back !== undefined) groups.push(...Array<string>(8 - groups.length - after.length).fill('0'), ...after);
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/** Without port, brackets and zone; IPv4 as such where it came in an IPv6 coat. Undefined for what is no address. */
function canonical(text: string | undefined): string | undefined {
  const trimmed = text?.trim() ?? '';
  const bare =
    /^\[([^\]]+)\](?::\d+)?$/.exec(trimmed)?.[1] ?? /^([\d.]+):\d+$/.exec(trimmed)?.[1] ?? trimmed.replace(/%.*$/, '');
  if (isIP(bare) !== 6) return isIP(bare) === 4 ? bare : undefined;
  const address = new URL(`http://[${bare.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
  if (!mapped) return address;
  const [high, low] = [Number.parseInt(mapped[1]!, 16), Number.parseInt(mapped[2]!, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
