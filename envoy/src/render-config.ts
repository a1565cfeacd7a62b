import { type Document, isSeq, parseDocument } from 'yaml';

export type Address = { readonly host: string; readonly port: number };

export type EnvoySettings = {
  /** Where browsers come in. Port 0 takes a free one, here and below. */
  readonly edge: Address;
  /** Where native gRPC clients come in. */
  readonly native: Address;
  readonly adminPort: number;
  /** Host names that Roster answers to, beside localhost. */
  readonly hosts: readonly string[];
  /** Origins of other pages that may call, as `scheme://host:port`. */
  readonly origins: readonly string[];
  /** How many proxies of ours stand before the edge: so many entries of `x-forwarded-for`, from its end, are theirs. 0 unless it is given. */
  readonly trustedHops?: number;
  readonly backends: readonly Address[];
  readonly web: Address;
};

/** The text of envoy.yaml with the settings put in their places. Everything else, comments too, stays as it is. */
export function renderConfig(text: string, settings: EnvoySettings): string {
  const document = parseDocument(text);
  const fault = document.errors[0];
  if (fault !== undefined) throw new Error(`envoy.yaml is no YAML: ${fault.message}`);
  const listeners = ['static_resources', 'listeners'];
  const clusters = ['static_resources', 'clusters'];

  set(document, ['admin', 'address', 'socket_address', 'port_value'], settings.adminPort);
  for (const name of ['edge', 'native'] as const) {
    const address = [...named(document, listeners, name), 'address', 'socket_address'];
    set(document, [...address, 'address'], settings[name].host);
    set(document, [...address, 'port_value'], settings[name].port);
  }

  const edgeManager = [...named(document, listeners, 'edge'), 'filter_chains', 0, 'filters', 0, 'typed_config'];
  set(document, [...edgeManager, 'xff_num_trusted_hops'], settings.trustedHops ?? 0);
  const virtualHost = named(document, [...edgeManager, 'route_config', 'virtual_hosts'], 'roster');
  const cors = [...virtualHost, 'typed_per_filter_config', 'envoy.filters.http.cors'];
  append(document, [...virtualHost, 'domains'], settings.hosts);
  append(
    document,
    [...cors, 'allow_origin_string_match'],
    settings.origins.map((origin) => ({ exact: origin })),
  );

  // `feed` takes its addresses from here too, by alias.
  set(document, endpointsOf(named(document, clusters, 'backend')), settings.backends.map(endpoint));
  set(document, endpointsOf(named(document, clusters, 'web')), [endpoint(settings.web)]);
  return document.toString({ lineWidth: 0 });
}

type Path = readonly (string | number)[];

function endpointsOf(cluster: Path): Path {
  return [...cluster, 'load_assignment', 'endpoints', 0, 'lb_endpoints'];
}

function endpoint({ host, port }: Address) {
  return { endpoint: { address: { socket_address: { address: host, port_value: port } } } };
}

/** The path of the element of a list that has the name. */
function named(document: Document, list: Path, name: string): Path {
  const sequence = document.getIn(list);
  const length = isSeq(sequence) ? sequence.items.length : 0;
  for (let index = 0; index < length; index += 1)
    if (document.getIn([...list, index, 'name']) === name) return [...list, index];
  throw new Error(`envoy.yaml has no ${name} in ${list.join('.')}`);
}

/** Only what is there can be set: a path that the file does not have is a fault in one of the two. */
function set(document: Document, path: Path, value: unknown): void {
  if (!document.hasIn(path)) throw new Error(`envoy.yaml has no ${path.join('.')}`);
  document.setIn(path, document.createNode(value));
}

function append(document: Document, path: Path, values: readonly unknown[]): void {
  if (!document.hasIn(path)) throw new Error(`envoy.yaml has no ${path.join('.')}`);
  for (const value of values) document.addIn(path, document.createNode(value));
}
