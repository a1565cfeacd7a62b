import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { renderConfig } from './render-config.ts';
import { configFile } from './run-envoy.ts';

const text = readFileSync(configFile, 'utf8');
const settings = {
  edge: { host: '127.0.0.1', port: 18_080 },
  native: { host: '127.0.0.1', port: 15_051 },
  adminPort: 0,
  hosts: ['roster.example'],
  origins: ['https://console.example'],
  trustedHops: 2,
  backends: [
    { host: '127.0.0.1', port: 1 },
    { host: '127.0.0.1', port: 2 },
  ],
  web: { host: '127.0.0.1', port: 3 },
};

test('what is written has the settings in their places and no name of compose left', () => {
  const rendered = renderConfig(text, settings);
  const [edge, native] = parse(rendered).static_resources.listeners;
  expect(edge.address.socket_address).toEqual({ address: '127.0.0.1', port_value: 18_080 });
  expect(native.address.socket_address).toEqual({ address: '127.0.0.1', port_value: 15_051 });
  const manager = edge.filter_chains[0].filters[0].typed_config;
  expect(manager.xff_num_trusted_hops).toBe(2);
  const [roster] = manager.route_config.virtual_hosts;
  expect(roster.domains).toEqual(['localhost', '127.0.0.1', '[::1]', 'roster.example']);
  expect(roster.typed_per_filter_config['envoy.filters.http.cors'].allow_origin_string_match).toEqual([
    { exact: 'https://console.example' },
  ]);
  expect(rendered).not.toMatch(/0\.0\.0\.0|address: (server|web)\b/);
});

test('both clusters of the servers get every server', () => {
  const clusters: readonly { readonly name: string; readonly load_assignment: unknown }[] = parse(
    renderConfig(text, settings),
  ).static_resources.clusters;
  for (const name of ['backend', 'feed']) {
    const cluster = clusters.find((candidate) => candidate.name === name);
    expect(JSON.stringify(cluster?.load_assignment).match(/"port_value":\d/g)).toEqual([
      '"port_value":1',
      '"port_value":2',
    ]);
  }
});

test('a file without one of the places is refused by the name of the place', () => {
  expect(() => renderConfig(text.replace('name: native', 'name: renamed'), settings)).toThrow(
    'envoy.yaml has no native in static_resources.listeners',
  );
});
