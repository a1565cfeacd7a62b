import { Any } from '@roster/proto/gen/google/protobuf/any';
import { ErrorInfo } from '@roster/proto/gen/google/rpc/error_details';
import { Status } from '@roster/proto/gen/google/rpc/status';
import { User, UserRole } from '@roster/proto/gen/userservice/v1/user';
import { SyncRequest, UpdateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import { jsonText, messageJson } from './message-json.ts';

const user = User.create({
  id: 'a',
  name: 'Ada',
  role: UserRole.ADMIN,
  revision: 7,
  tags: ['one', 'two'],
  metadata: { team: 'x' },
  address: { city: 'Łódź' },
  createdAt: { seconds: '1', nanos: 5_000_000 },
});

test('a message reads as its own ProtoJSON, numbers aside', () => {
  const json = messageJson(User, user);
  expect(json).toEqual({ ...JSON.parse(User.toJsonString(user)), revision: 7 });
  expect(User.fromJson(json)).toEqual(user);
});

test('the member of a oneof that is set is shown, also with its default', () => {
  const request = SyncRequest.create({ action: { oneofKind: 'deleteId', deleteId: '' } });
  expect(messageJson(SyncRequest, request)).toEqual({ deleteId: '' });
});

test('a field mask shows its paths as they are, also those that ProtoJSON cannot say', () => {
  const paths = ['address.postal_code', 'metadata.`A_1`'];
  const request = UpdateUserRequest.create({ updateMask: { paths } });
  expect(messageJson(UpdateUserRequest, request)).toEqual({ updateMask: { paths } });
});

test('what an Any packs is shown where its type is known, and as bytes where not', () => {
  const packed = Any.pack(ErrorInfo.create({ reason: 'R' }), ErrorInfo);
  const status = Status.create({ code: 5, details: [packed] });
  const { typeUrl } = packed;
  expect(messageJson(Status, status, { types: [ErrorInfo] })).toEqual({
    code: 5,
    details: [{ '@type': typeUrl, reason: 'R' }],
  });
  expect(messageJson(Status, status)).toEqual({ code: 5, details: [{ '@type': typeUrl, value: 'CgFS' }] });
});

test('text that turns around or hides is shown by number, and is still the same JSON', () => {
  const name = 'a\u202eb\u200bc\u2028d';
  expect(jsonText({ name })).toBe(String.raw`{"name":"a\u202eb\u200bc\u2028d"}`);
  expect(JSON.parse(jsonText({ name }))).toEqual({ name });
});
