import type { AppError } from '../../rpc/app-error.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';

/** A list could not be read. */
export function ReadFailed({ error, onRetry }: { readonly error: AppError; readonly onRetry: () => void }) {
  return (
    <Notice
      tone="bad"
      actions={
        <Button size="small" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      {error.message}
    </Notice>
  );
}
