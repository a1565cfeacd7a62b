import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Interceptor } from '../call.ts';
import { Code } from '../rpc-error.ts';
import { codeOf } from './log.ts';

const bucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counts and times the calls by method and code. A stream's time is its whole life. */
export function createMetrics(registry: Registry): Interceptor {
  const registers = [registry];
  const labelNames = ['method', 'code'] as const;
  const calls = new Counter({ name: 'roster_rpc_calls_total', help: 'Calls answered.', labelNames, registers });
  const duration = new Histogram({
    name: 'roster_rpc_duration_seconds',
    help: 'Time from the headers of a call to its status.',
    labelNames,
    buckets: bucketsSeconds,
    registers,
  });
  const open = new Gauge({
    name: 'roster_rpc_open_streams',
    help: 'Calls with streamed responses that are being answered.',
    labelNames: ['method'],
    registers,
  });
  return ({ method: { path: method, kind } }) => {
    const isStream = kind === 'serverStream' || kind === 'bidi';
    const start = performance.now();
    if (isStream) open.inc({ method });
    return (failure) => {
      if (isStream) open.dec({ method });
      const labels = { method, code: Code[codeOf(failure)] };
      calls.inc(labels);
      duration.observe(labels, (performance.now() - start) / 1000);
    };
  };
}
