import { useEffect, useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { CheckIcon, CopyIcon } from '../../../ui/icons.tsx';

/** Copies the address of one change. */
export function CopyLink({ href }: { readonly href: string }) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = () =>
    navigator.clipboard.writeText(new URL(href, location.href).href).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <Button size="small" variant="quiet" icon={isCopied ? <CheckIcon /> : <CopyIcon />} onClick={copy}>
      {isCopied ? 'Copied' : 'Copy link'}
    </Button>
  );
}
