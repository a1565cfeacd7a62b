import { useEffect, useState } from 'react';
import type { RecordedCall } from '../../rpc/recorder.ts';
import { Button } from '../../ui/button.tsx';
import { CheckIcon, CopyIcon } from '../../ui/icons.tsx';
import styles from './copy-grpcurl.module.css';
import { grpcurlCommand } from './grpcurl-command.ts';

const confirmMs = 2000;

/** Copies the call as a command for a shell; says so, or why it cannot. */
export function CopyGrpcurl({ call }: { readonly call: RecordedCall }) {
  const [words, setWords] = useState('');
  useEffect(() => {
    if (!words) return;
    const timer = setTimeout(() => setWords(''), confirmMs);
    return () => clearTimeout(timer);
  }, [words]);
  const copy = () => {
    const command = grpcurlCommand(call);
    if ('refusal' in command) return setWords(command.refusal);
    navigator.clipboard.writeText(command.text).then(
      () => setWords('Copied'),
      () => setWords('The browser does not let us copy.'),
    );
  };
  return (
    <>
      <span role="status" className={styles.words}>
        {words}
      </span>
      <Button variant="quiet" size="small" icon={words === 'Copied' ? <CheckIcon /> : <CopyIcon />} onClick={copy}>
        Copy as grpcurl
      </Button>
    </>
  );
}
