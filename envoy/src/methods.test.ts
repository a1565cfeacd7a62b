import { readFileSync } from 'node:fs';
import { CredentialService } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { HistoryService } from '@roster/proto/gen/roster/history/v1/history_service';
import { SessionService } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { TokenService } from '@roster/proto/gen/roster/tokens/v1/token_service';
import { UserService } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { configFile } from './run-envoy.ts';

type Route = {
  readonly match: { readonly safe_regex?: { readonly regex: string }; readonly headers?: unknown };
  readonly route?: unknown;
};

const config = parse(readFileSync(configFile, 'utf8'));
const edge = config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
const routes: readonly Route[] = edge.route_config.virtual_hosts[0].routes;
/** The routes that carry calls with any headers: the feed's asks for one of its own. */
const patterns = routes
  .filter(({ route, match }) => route !== undefined && match.headers === undefined)
  .flatMap(({ match }) => (match.safe_regex ? [new RegExp(`^(?:${match.safe_regex.regex})$`)] : []));

const services = [UserService, SessionService, CredentialService, TokenService, HistoryService];
const methods = services.flatMap((service) => service.methods);

test.each(methods)(
  '$name has one route for browsers, unless it streams requests, which they cannot',
  ({ name, clientStreaming, service }) => {
    const path = `/${service.typeName}/${name}`;
    expect(patterns.filter((pattern) => pattern.test(path))).toHaveLength(clientStreaming ? 0 : 1);
  },
);

test('every method of the contract has statistics of its own, and no invented one has', () => {
  const stats = edge.http_filters.find(({ name }: { name: string }) => name.endsWith('.grpc_stats')).typed_config;
  const listed = stats.individual_method_stats_allowlist.services as { name: string; method_names: string[] }[];
  const sorted = listed.map(({ name, method_names: names }) => ({ name, names: names.toSorted() }));
  expect(sorted).toEqual(
    services.map(({ typeName, methods: all }) => ({ name: typeName, names: all.map(({ name }) => name).toSorted() })),
  );
});
