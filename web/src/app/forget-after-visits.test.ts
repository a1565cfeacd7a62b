import { UserService } from '@roster/proto/gen/userservice/v1/user_service';
import { expect, test } from 'vitest';
import { createRecorder } from '../rpc/recorder.ts';
import { createBrowser } from '../session/testing/session-setup.ts';
import { forgetAfterVisits } from './forget-after-visits.ts';

test('the next person reads nothing of the calls of the one before, not even of one that is still under way', async () => {
  const { server, scheduler, openTab } = createBrowser();
  const { session } = openTab();
  const recorder = createRecorder();
  forgetAfterVisits(session, () => recorder.forgetAll());
  await scheduler.settle();
  const [method] = UserService.methods;
  const feed = method && recorder.observe({ method, metadata: {}, message: new Uint8Array(3), timeoutMs: undefined });
  feed?.arrived('message', Uint8Array.of(1));
  await session.stay();
  expect(recorder.calls()).toHaveLength(1);
  server.end();
  session.doubt();
  await scheduler.settle();
  feed?.arrived('message', Uint8Array.of(2));
  expect(session.getSnapshot().kind).toBe('signed-out');
  expect(recorder.calls()).toEqual([]);
});
