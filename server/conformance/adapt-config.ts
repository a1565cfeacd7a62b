export interface TlsCredentials {
  readonly certificate: string;
  readonly key: string;
}

/** The suite's methods take the places of ours in the routes, the health check and the statistics. `Unimplemented` has no route, like a method that we do not have. */
const renamed: readonly (readonly [ours: string, suites: string])[] = [
  [String.raw`/userservice\.v1\.UserService/(GetUser|ListUsers)`, '(IdempotentUnary|ServerStream)'],
  [String.raw`/userservice\.v1\.UserService/(CreateUser|UpdateUser|DeleteUser|UndeleteUser)`, '(Unary)'],
].map(([ours = '', methods = '']) => [ours, String.raw`/connectrpc\.conformance\.v1\.ConformanceService/${methods}`]);

/**
 * The text of envoy.yaml for the service of the suite. Filters, header rules, times and clusters stay as they are. With credentials the
 * browsers' listener speaks TLS.
 */
export function adaptConfig(text: string, tls: TlsCredentials | undefined): string {
  const routed = renamed
    .reduce((before, [ours, suites]) => replaceOnce(before, ours, suites), text)
    .replaceAll('userservice.v1.UserService', 'connectrpc.conformance.v1.ConformanceService')
    .replaceAll('/userservice.v1.', '/connectrpc.conformance.v1.');
  if (routed.includes('userservice')) throw new Error('envoy.yaml names our service in a way that is not known here.');
  if (!tls) return routed;
  const filterChain = '    filter_chains:\n    - ';
  return replaceOnce(
    routed,
    `${filterChain}filters:`,
    `${filterChain}transport_socket: ${tlsSocket(tls)}\n      filters:`,
  );
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
