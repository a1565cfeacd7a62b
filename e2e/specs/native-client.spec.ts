import { once } from 'node:events';
import { status } from '@grpc/grpc-js';
import { expect } from '@playwright/test';
import { BadRequest, ErrorInfo } from '@roster/proto/gen/google/rpc/error_details';
import { Status } from '@roster/proto/gen/google/rpc/status';
import { type DynamicClient, failureOf, type Plain } from '../src/dynamic-client.ts';
import { test } from '../src/fixtures.ts';
import { clientOfGivenContract, clientOfHealth, clientOfReflection } from '../src/native-clients.ts';

const ways: readonly (readonly [string, (address: string, token: string) => DynamicClient | Promise<DynamicClient>])[] =
  [
    ['the given contract alone', clientOfGivenContract],
    ['server reflection', clientOfReflection],
  ];

const sevenMethods = 'GetUser CreateUser UpdateUser DeleteUser ListUsers BulkCreateUsers SyncUsers'.split(' ');

for (const [source, connect] of ways) {
  test(`a client made from ${source} calls all seven methods, streams of all kinds among them`, async ({
    grpcAddress,
    people,
    token,
  }) => {
    const client = await connect(grpcAddress, token);
    expect(client.methods).toEqual(expect.arrayContaining(sevenMethods));
    const person = (name: string) => ({ name, email: people.email(), role: 'USER_ROLE_EDITOR' });

    const created = userOf(await client.unary('CreateUser', person('Ada Native')));
    expect(created).toMatchObject({ name: 'Ada Native', role: 'USER_ROLE_EDITOR' });
    const id = created['id'];
    expect(userOf(await client.unary('GetUser', { id }))).toEqual(created);

    const change = { id, user: { name: 'Ada Renamed', tags: [people.tag] }, update_mask: { paths: ['name', 'tags'] } };
    expect(userOf(await client.unary('UpdateUser', change))).toMatchObject({ name: 'Ada Renamed', tags: [people.tag] });

    const taken = { name: 'Twice', email: created['email'], role: 'USER_ROLE_VIEWER' };
    const bulk = await client.write('BulkCreateUsers', [person('Bulk 1'), taken, person('Bulk 2')]);
    expect(bulk).toMatchObject({ created_count: 2, failed_ids: ['#1'] });

    const sync = client.exchange('SyncUsers');
    const answers: Plain[] = [];
    sync.on('data', (answer: Plain) => answers.push(answer));
    sync.write({ upsert: { ...person('By Sync'), tags: [people.tag] } });
    sync.write({ upsert: { id, name: 'Ada Synced' } });
    sync.write({ delete_id: id });
    sync.end({ delete_id: 'nobody' });
    await once(sync, 'end');
    expect(answers.map((answer) => answer['status'])).toEqual(
      ['CREATED', 'UPDATED', 'DELETED', 'FAILED'].map((word) => `SYNC_STATUS_${word}`),
    );

    const list = await client.read('ListUsers', { filter: people.filter, page_size: 10 });
    expect(list.messages.map((user) => user['name'])).toEqual(['By Sync']);
    expect(list.trailers.get('x-total-size')).toEqual(['1']);
    await client.unary('DeleteUser', { id: list.messages[0]?.['id'] });
    expect((await client.read('ListUsers', { filter: people.filter })).messages).toEqual([]);
    client.close();
  });
}

test('a finite list is plain users, page after page, each once', async ({ grpcAddress, people, token }) => {
  const client = clientOfGivenContract(grpcAddress, token);
  const names = Array.from({ length: 5 }, (_, index) => `Page ${index}`);
  for (const name of names) await people.create(name);
  const seen: unknown[] = [];
  let page_token = '';
  do {
    const { messages, trailers } = await client.read('ListUsers', { filter: people.filter, page_size: 2, page_token });
    for (const user of messages) {
      expect(user).toMatchObject({ id: expect.stringMatching(/./), email: expect.stringMatching(/@/) });
      seen.push(user['name']);
    }
    page_token = String(trailers.get('x-next-page-token')[0] ?? '');
  } while (page_token !== '');
  expect(seen).toEqual(names.toReversed());
  client.close();
});

test('a failing call says in its details which field is at fault and why', async ({ grpcAddress, people, token }) => {
  const client = clientOfGivenContract(grpcAddress, token);
  const error = await failureOf(client.unary('CreateUser', { name: '', email: people.email(), role: 99 }));
  expect(error.code).toBe(status.INVALID_ARGUMENT);
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  const details = Status.fromBinary(Buffer.from(bytes ?? '')).details;
  const find = (name: string) => details.find(({ typeUrl }) => typeUrl.endsWith(`google.rpc.${name}`))?.value;
  expect(ErrorInfo.fromBinary(find('ErrorInfo') ?? new Uint8Array()).domain).toBe('roster');
  const { fieldViolations } = BadRequest.fromBinary(find('BadRequest') ?? new Uint8Array());
  expect(fieldViolations.map(({ field }) => field)).toEqual(['name', 'role']);
  for (const { description } of fieldViolations) expect(description).toMatch(/\w.*\.$/);
  client.close();
});

test('health answers a check, and a watch at once', async ({ grpcAddress }) => {
  const health = clientOfHealth(grpcAddress);
  for (const service of ['', 'userservice.v1.UserService'])
    expect(await health.unary('Check', { service })).toEqual({ status: 'SERVING' });
  expect((await failureOf(health.unary('Check', { service: 'no.such.Service' }))).code).toBe(status.NOT_FOUND);
  const watch = health.open('Watch', { service: 'userservice.v1.UserService' });
  watch.on('error', () => undefined);
  const [first] = await once(watch, 'data');
  expect(first).toEqual({ status: 'SERVING' });
  watch.cancel();
  health.close();
});

/** The answer's user. */
function userOf(answer: Plain): Plain {
  const user = answer['user'];
  if (typeof user !== 'object' || user === null) throw new Error('the answer has no user');
  return user as Plain;
}
