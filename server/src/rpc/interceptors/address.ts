import { BlockList, isIP } from 'node:net';
import type { Interceptor } from '../call.ts';

/**
 * Notes where a call comes from. A proxy on this machine, or at one of `trustedProxies`, appends the address of its own caller to `x-forwarded-for`, and that last
 * entry is believed; whatever stands before it, or comes from anybody else, is not.
 */
export function noteAddress(trustedProxies: readonly string[]): Interceptor {
  const trusted = blockListOf(['127.0.0.0/8', '::1', ...trustedProxies]);
  return (call) => {
    const connected = plainAddress(call.peer.slice(0, call.peer.lastIndexOf(':')));
    const forwarded = plainAddress(call.header('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '');
    call.address = contains(trusted, connected) && isIP(forwarded) !== 0 ? forwarded : connected;
  };
}

/** Throws where an entry is no address and no range. */
function blockListOf(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    const version = isIP(address);
    if (version === 0) throw new Error(`${entry} is neither an IP address nor a CIDR range.`);
    const family = version === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

function contains(list: BlockList, address: string): boolean {
  const version = isIP(address);
  return version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** An IPv4 address that travels in IPv6 is written as itself. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=[\d.]+$)/, '');
}
