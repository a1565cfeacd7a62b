import { MutationObserver, QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AppError } from './app-error.ts';
import { createClients } from './clients.tsx';
import { createSubmissionIds } from './submission-ids.ts';
import { createTransport } from './transport.ts';
import { commandOptions } from './use-command.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const unreachable: AppError = { kind: 'unreachable', message: 'The server cannot be reached.' };
const timeout: AppError = { kind: 'timeout', message: 'The server did not answer in time.' };
const invalid: AppError = { kind: 'invalid', message: 'Wrong.', fields: [] };

/** A screen with one command, and the ids under which that was sent. The answers come in turn; when there are no more, it succeeds. */
function screenWith(...answers: readonly AppError[]) {
  const sent: string[] = [];
  const clients = createClients(createTransport({ baseUrl: 'http://localhost' }));
  const command = async (_clients: unknown, input: string, requestId: string) => {
    const failure = answers[sent.push(requestId) - 1];
    if (failure) throw failure;
    return input;
  };
  const observer = new MutationObserver(
    new QueryClient(),
    commandOptions(clients, command, createSubmissionIds(), (run) => run()),
  );
  async function submit(input: string): Promise<'done' | AppError['kind']> {
    const ended = observer.mutate(input).then(
      () => 'done' as const,
      ({ kind }: AppError) => kind,
    );
    await vi.runAllTimersAsync();
    return ended;
  }
  return { sent, submit };
}

test('what never reached the server is repeated by itself, as the same submission', async () => {
  const { sent, submit } = screenWith(unreachable, unreachable);
  expect(await submit('a')).toBe('done');
  expect([sent.length, new Set(sent).size]).toEqual([3, 1]);
});

test('after three repeats the person is told, and saving again is still the same submission', async () => {
  const { sent, submit } = screenWith(unreachable, unreachable, unreachable, unreachable);
  expect(await submit('a')).toBe('unreachable');
  expect(await submit('a')).toBe('done');
  expect([sent.length, new Set(sent).size]).toEqual([5, 1]);
});

test('a timeout is not repeated by itself; saving again is the same submission', async () => {
  const { sent, submit } = screenWith(timeout);
  expect(await submit('a')).toBe('timeout');
  expect(await submit('a')).toBe('done');
  expect([sent.length, new Set(sent).size]).toEqual([2, 1]);
});

test('an answer settles a submission: the same content sent again is meant again', async () => {
  const { sent, submit } = screenWith(invalid);
  expect(await submit('a')).toBe('invalid');
  expect(await submit('a')).toBe('done');
  expect(await submit('a')).toBe('done');
  expect(new Set(sent).size).toBe(3);
});

test('other content after a timeout is another submission', async () => {
  const { sent, submit } = screenWith(timeout);
  await submit('a');
  await submit('b');
  expect(new Set(sent).size).toBe(2);
});
