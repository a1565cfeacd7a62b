import { base64encode } from '@protobuf-ts/runtime';
import { Any } from '@roster/proto/gen/google/protobuf/any';
import { BadRequest } from '@roster/proto/gen/google/rpc/error_details';
import { Status } from '@roster/proto/gen/google/rpc/status';
import { CreateUserRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import { matchesFilter } from './call-words.ts';
import { recordCall } from './inspector-testing.ts';
import { recordingText } from './recording-file.ts';

function failedCall() {
  const recorded = recordCall('CreateUser', CreateUserRequest, CreateUserRequest.create({ name: 'Ada' }), {
    metadata: { 'x-request-id': 'r1', authorization: 'Bearer abc' },
    timeoutMs: 10_000,
  });
  const violation = { field: 'email', description: 'is missing', reason: '' };
  const details = [Any.pack(BadRequest.create({ fieldViolations: [violation] }), BadRequest)];
  const bytes = Status.toBinary(Status.create({ code: 3, message: 'bad', details }));
  recorded.pass(40);
  recorded.watch.opened(200, {});
  recorded.watch.ended({
    code: 'INVALID_ARGUMENT',
    message: 'bad',
    metadata: { 'grpc-status-details-bin': base64encode(bytes) },
  });
  return recorded;
}

test('a saved recording is JSON that holds each call decoded, with the details of its status and without secrets', () => {
  const text = recordingText(failedCall().recorder.calls(), 0, 'http://localhost:8080');
  expect(text).not.toContain('abc');
  expect(JSON.parse(text)).toMatchObject({
    format: 'roster.wire',
    version: 1,
    origin: 'http://localhost:8080',
    calls: [
      {
        method: 'userservice.v1.UserService/CreateUser',
        requestId: 'r1',
        tookMs: 40,
        deadlineMs: 10_000,
        request: { name: 'Ada' },
        head: { httpStatus: 200 },
        status: {
          code: 'INVALID_ARGUMENT',
          message: 'bad',
          details: [{ fieldViolations: [{ field: 'email', description: 'is missing' }] }],
        },
      },
    ],
  });
});

test.each([
  ['', true],
  ['createuser', true],
  ['invalid', true],
  ['create invalid', true],
  ['r1', true],
  ['GetUser', false],
  ['create OK', false],
  ['open', false],
])('the filter %j lets a failed CreateUser through: %s', (filter, isThrough) => {
  expect(matchesFilter(failedCall().call, filter)).toBe(isThrough);
});
