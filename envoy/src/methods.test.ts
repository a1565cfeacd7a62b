import { readFileSync } from 'node:fs';
import { UserService } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { configFile } from './run-envoy.ts';

type Route = { readonly match: { readonly safe_regex?: { readonly regex: string } } };

const config = parse(readFileSync(configFile, 'utf8'));
const edge = config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
const routes: readonly Route[] = edge.route_config.virtual_hosts[0].routes;
const patterns = routes.flatMap(({ match }) =>
  match.safe_regex ? [new RegExp(`^(?:${match.safe_regex.regex})$`)] : [],
);

test.each(UserService.methods)(
  '$name has one route for browsers, unless it streams requests, which they cannot',
  ({ name, clientStreaming }) => {
    const path = `/${UserService.typeName}/${name}`;
    expect(patterns.filter((pattern) => pattern.test(path))).toHaveLength(clientStreaming ? 0 : 1);
  },
);

test('every method of the contract has statistics of its own, and no invented one has', () => {
  const stats = edge.http_filters.find(({ name }: { name: string }) => name.endsWith('.grpc_stats')).typed_config;
  expect(stats.individual_method_stats_allowlist.services).toEqual([
    { name: UserService.typeName, method_names: expect.arrayContaining(UserService.methods.map(({ name }) => name)) },
  ]);
  const [{ method_names: names }] = stats.individual_method_stats_allowlist.services;
  expect(names).toHaveLength(UserService.methods.length);
});
