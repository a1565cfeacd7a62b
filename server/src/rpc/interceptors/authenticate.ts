import { BlockList, isIP } from 'node:net';
import type { Interceptor } from '../call.ts';
import type { Caller } from '../context.ts';
import { unauthenticated } from '../rpc-error.ts';

export interface LocalOperatorSettings {
  /** Who a call is made by that comes from this machine. */
  readonly operator: Caller;
  /** Names that this server is reached by, without port. Any other is a name that somebody has pointed here, from whose pages a browser must read nothing. */
  readonly hosts: readonly string[];
  /** Addresses or CIDR ranges, beside loopback, of proxies that admit only whom the operator trusts. */
  readonly trustedPeers: readonly string[];
}

/** Lets the local operator in: by a connection from loopback or a trusted peer, to a host of ours. Everybody else is UNAUTHENTICATED. */
export function authenticateLocalOperator({ operator, hosts, trustedPeers }: LocalOperatorSettings): Interceptor {
  const trusted = blockListOf(['127.0.0.0/8', '::1', ...trustedPeers]);
  const ours = new Set(hosts.map((host) => host.toLowerCase()));
  return async (call, next) => {
    if (!isTrusted(call.peer, trusted) || !ours.has(hostnameOf(call.host))) {
      throw unauthenticated('NOT_SIGNED_IN', 'This server lets in its local operator only.');
    }
    call.caller = operator;
    return next();
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

/** `peer` is address and port, as `127.0.0.1:5000` or `::1:5000`. */
function isTrusted(peer: string, trusted: BlockList): boolean {
  const address = peer.slice(0, peer.lastIndexOf(':')).replace(/^::ffff:(?=[\d.]+$)/, '');
  const version = isIP(address);
  return version !== 0 && trusted.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** `[::1]:8080` → `[::1]`, `localhost:8080` → `localhost`. */
function hostnameOf(authority: string): string {
  return authority.toLowerCase().replace(/:\d*$/, '');
}
