import { Metadata } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { Code, notFound } from './rpc-error.ts';
import { toRpcError, toStatusObject } from './status.ts';

const failed = (properties: object, message = 'secret') => Object.assign(new Error(message), properties);

test.each([
  { what: 'too many connections', error: failed({ code: '53300' }), code: Code.UNAVAILABLE },
  { what: 'a shutdown of the database', error: failed({ code: '57P01' }), code: Code.UNAVAILABLE },
  { what: 'a database that is starting', error: failed({ code: '57P03' }), code: Code.UNAVAILABLE },
  { what: 'a failed connection, SQLSTATE class 08', error: failed({ code: '08006' }), code: Code.UNAVAILABLE },
  { what: 'a standby', error: failed({ code: '25006' }), code: Code.UNAVAILABLE },
  { what: 'a refused connection', error: failed({ code: 'ECONNREFUSED' }), code: Code.UNAVAILABLE },
  { what: 'a socket that is not there', error: failed({ code: 'ENOENT', syscall: 'connect' }), code: Code.UNAVAILABLE },
  {
    what: 'a connection lost in mid-query',
    error: failed({}, 'Connection terminated unexpectedly'),
    code: Code.UNAVAILABLE,
  },
  {
    what: 'a pool without a free connection',
    error: failed({}, 'timeout exceeded when trying to connect'),
    code: Code.UNAVAILABLE,
  },
  { what: 'a deadlock', error: failed({ code: '40P01' }), code: Code.UNAVAILABLE },
  { what: 'a serialization failure', error: failed({ code: '40001' }), code: Code.UNAVAILABLE },
  { what: 'a full disk', error: failed({ code: '53100' }), code: Code.RESOURCE_EXHAUSTED },
  { what: 'a statement timeout', error: failed({ code: '57014' }), code: Code.DEADLINE_EXCEEDED },
])('$what is told without its text', ({ error, code }) => {
  const known = toRpcError(error);
  expect(known?.code).toBe(code);
  expect(known?.message).not.toContain(error.message);
});

test.each([
  { what: 'a missing file', error: failed({ code: 'ENOENT', syscall: 'open' }) },
  { what: 'a syntax error in SQL', error: failed({ code: '42601' }) },
  { what: 'a mistake of ours', error: new TypeError('secret') },
  { what: 'a thrown string', error: 'secret' },
  { what: 'nothing', error: undefined },
])('$what is not known to the caller', ({ error }) => {
  expect(toRpcError(error)).toBeUndefined();
});

test('a failure that no interceptor has mapped is INTERNAL without its text', () => {
  const { code, details } = toStatusObject(new Error('secret'), new Metadata());
  expect({ code, details }).toEqual({ code: Code.INTERNAL, details: 'Internal error' });
});

test('an RpcError is what it is', () => {
  const error = notFound('user', 'id');
  expect(toRpcError(error)).toBe(error);
});
