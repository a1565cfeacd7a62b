import { readFileSync } from 'node:fs';
import { timing } from '@roster/proto/timing';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { noticeMs } from './drain.ts';
import { configFile } from './run-envoy.ts';

type Route = {
  readonly match: {
    readonly path?: string;
    readonly safe_regex?: { readonly regex: string };
    readonly headers?: unknown;
  };
  readonly route?: {
    readonly cluster: string;
    readonly timeout: string;
    readonly idle_timeout?: string;
    readonly max_stream_duration?: { readonly max_stream_duration: string };
    readonly retry_policy?: {
      readonly retry_on: string;
      readonly num_retries: number;
      readonly per_try_timeout?: string;
    };
  };
};

const config = parse(readFileSync(configFile, 'utf8'));
const clusters: readonly {
  readonly health_checks?: readonly { readonly interval: string; readonly timeout: string }[];
}[] = config.static_resources.clusters;
const listeners: readonly { readonly name: string }[] = config.static_resources.listeners;

function managerOf(name: string) {
  const listener = listeners.find((candidate) => candidate.name === name) as Record<string, never> | undefined;
  return listener?.['filter_chains']?.[0]?.['filters']?.[0]?.['typed_config'] as
    | Record<string, { readonly virtual_hosts: readonly { readonly routes: readonly Route[] }[] } & string>
    | undefined;
}

const routesOf = (name: string) => managerOf(name)?.['route_config']?.virtual_hosts[0]?.routes ?? [];

function milliseconds(duration: string | undefined): number {
  expect(duration).toMatch(/^[\d.]+s$/);
  return Number.parseFloat(duration ?? '') * 1000;
}

const isFeed = ({ route }: Route) => route?.cluster === 'feed';
const isUnary = ({ route, match }: Route) =>
  route?.cluster === 'backend' && match.safe_regex !== undefined && match.headers === undefined;

test.each(['edge', 'native'])('the feed of the %s listener ends by silence alone, after five heartbeats', (name) => {
  const feeds = routesOf(name).filter(isFeed);
  expect(feeds).toHaveLength(1);
  expect(feeds[0]?.route?.timeout).toBe('0s');
  expect(milliseconds(feeds[0]?.route?.idle_timeout)).toBe(timing.heartbeatMs * timing.feedIdleHeartbeats);
});

test('a feed that grew old is ended by the server, before Envoy cuts it', () => {
  const limit = routesOf('edge').find(isFeed)?.route?.max_stream_duration?.max_stream_duration;
  expect(milliseconds(limit)).toBeGreaterThan(timing.feedAgeMs);
});

test('silence is called so within two heartbeats, and not before one has had time to be late', () => {
  expect(timing.staleAfterHeartbeats).toBeGreaterThan(1.5);
  expect(timing.staleAfterHeartbeats).toBeLessThan(2);
});

test('what is shown is called stale before Envoy gives the silent feed up', () => {
  expect(timing.staleAfterHeartbeats).toBeLessThan(timing.feedIdleHeartbeats);
});

test("a client's longest deadline ends before Envoy's timeout, so that the server's answer says what happened", () => {
  const unary = routesOf('edge').filter(isUnary);
  expect(unary).toHaveLength(4);
  for (const { route } of unary) {
    expect(milliseconds(route?.timeout)).toBeGreaterThan(timing.unaryDeadlineMs);
    expect(milliseconds(managerOf('edge')?.['stream_idle_timeout'])).toBeGreaterThan(milliseconds(route?.timeout));
    if (route?.retry_policy?.per_try_timeout !== undefined)
      expect(milliseconds(route.retry_policy.per_try_timeout)).toBeLessThan(timing.unaryDeadlineMs);
  }
});

test('a request that does not arrive is given up by the server, which says so, before Envoy gives it up', () => {
  for (const name of ['edge', 'native'])
    expect(milliseconds(managerOf(name)?.['stream_idle_timeout'])).toBeGreaterThan(timing.requestMs);
  expect(milliseconds(managerOf('edge')?.['request_timeout'])).toBeGreaterThan(timing.requestMs);
});

test("Envoy never keeps a client's deadline itself", () => {
  const text = readFileSync(configFile, 'utf8').replaceAll(/#.*/g, '');
  expect(text).not.toMatch(/grpc_timeout_header_max|max_grpc_timeout/);
});

test('a server that stops answers longer than the proxy needs to notice that it says so', () => {
  const checks = clusters.flatMap((cluster) => cluster.health_checks ?? []);
  expect(checks).toHaveLength(2);
  for (const { interval, timeout } of checks)
    expect(noticeMs).toBeGreaterThan(milliseconds(interval) + milliseconds(timeout));
  const compose = parse(readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8'));
  expect(Number(compose.services.server.environment.ROSTER_DRAIN_MS)).toBeGreaterThanOrEqual(noticeMs);
});
