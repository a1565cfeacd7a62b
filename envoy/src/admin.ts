import type { Address } from './render-config.ts';

/** Asks Envoy's admin listener, which it alone knows the port of. */
export async function askAdmin(port: number, path: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(2_000) });
  if (!response.ok) throw new Error(`Envoy's admin answered ${response.status} to ${path}`);
  return response.text();
}

/** The port that a listener really has, also if it was configured with 0. */
export async function listenerPort(adminPort: number, name: string): Promise<number> {
  const answer = JSON.parse(await askAdmin(adminPort, '/listeners?format=json')) as {
    listener_statuses: { name: string; local_address: { socket_address: { port_value: number } } }[];
  };
  const listener = answer.listener_statuses.find((status) => status.name === name);
  if (listener === undefined) throw new Error(`Envoy has no listener ${name}`);
  return listener.local_address.socket_address.port_value;
}

/** How many servers of a cluster are healthy; readiness is this, and not `/ready`, which needs no server at all. */
export async function healthyMembers(adminPort: number, cluster: string): Promise<number> {
  const text = await askAdmin(adminPort, `/stats?filter=^cluster\\.${cluster}\\.membership_healthy$`);
  return Number.parseInt(text.split(': ')[1] ?? '0', 10);
}

/** Whether the proxy sends what comes to the cluster to this server, too. */
export async function isHealthyMember(adminPort: number, cluster: string, { host, port }: Address): Promise<boolean> {
  const text = await askAdmin(adminPort, '/clusters');
  return text.includes(`${cluster}::${host}:${port}::health_flags::healthy\n`);
}
