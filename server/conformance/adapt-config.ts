export interface TlsCredentials {
  readonly certificate: string;
  readonly key: string;
}

const suite = String.raw`/connectrpc\.conformance\.v1\.`;

/**
 * The suite's methods take the places of ours in the routes, the health check and the statistics: the whole of a quoted pattern is replaced by what it begins with.
 * `Unimplemented` has no route, like a method that we do not have.
 */
const renamed: readonly (readonly [begins: string, suites: string])[] = [
  [String.raw`'/(userservice|roster\.[a-z]+)\.v1\.`, `${suite}.*`],
  [String.raw`'/(userservice\.v1\.UserService/ListUsers|`, `${suite}ConformanceService/ListUsers`],
  [
    String.raw`'/(userservice\.v1\.UserService/(GetUser|ListUsers)`,
    `${suite}ConformanceService/(IdempotentUnary|ServerStream)`,
  ],
  [String.raw`'/(userservice\.v1\.UserService/(CreateUser|`, `${suite}ConformanceService/(Unary)`],
];

/**
 * The text of envoy.yaml for the service of the suite. Filters, header rules, times and clusters stay as they are. With credentials the
 * browsers' listener speaks TLS.
 */
export function adaptConfig(text: string, tls: TlsCredentials | undefined): string {
  const routed = renamed
    .reduce((before, [begins, suites]) => replacePatterns(before, begins, suites), text)
    .replaceAll('userservice.v1.UserService', 'connectrpc.conformance.v1.ConformanceService');
  if (routed.includes('userservice')) throw new Error('envoy.yaml names our service in a way that is not known here.');
  if (!tls) return routed;
  const filterChain = '    filter_chains:\n    - ';
  return replaceOnce(
    routed,
    `${filterChain}filters:`,
    `${filterChain}transport_socket: ${tlsSocket(tls)}\n      filters:`,
  );
}

function replacePatterns(text: string, begins: string, suites: string): string {
  const parts = text.split(begins);
  if (parts.length === 1) throw new Error(`envoy.yaml has no ${begins}`);
  const [first = '', ...others] = parts;
  return first + others.map((part) => `'${suites}${part.slice(part.indexOf("'"))}`).join('');
}

/** The browsers' listener comes first, so the first place is the right one where there are two. */
function replaceOnce(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`envoy.yaml has no ${from}`);
  return text.replace(from, () => to);
}

function tlsSocket({ certificate, key }: TlsCredentials): string {
  return JSON.stringify({
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext',
      common_tls_context: {
        alpn_protocols: ['h2', 'http/1.1'],
        tls_certificates: [{ certificate_chain: { inline_string: certificate }, private_key: { inline_string: key } }],
      },
    },
  });
}
