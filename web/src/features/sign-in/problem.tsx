import { isAppError } from '../../rpc/is-app-error.ts';
import { problemWords } from '../../session/problem-words.ts';
import { Notice } from '../../ui/notice.tsx';

/** What stood in the way of an attempt; once one has waited as long as was asked, that it can be tried again. */
export function Problem({ error, wait }: { readonly error: unknown; readonly wait: number }) {
  const words = problemWords(error);
  if (!words) return null;
  const isWaitOver = wait === 0 && isAppError(error) && error.kind === 'limited' && error.retryAfterMs !== undefined;
  return isWaitOver ? <Notice>You can try again now.</Notice> : <Notice tone="bad">{words}</Notice>;
}
