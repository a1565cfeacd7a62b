import { useEffect, useRef, useState } from 'react';
import { Kbd } from './kbd.tsx';
import { placeBeside } from './place-beside.ts';
import styles from './tooltip.module.css';

interface Tip {
  readonly anchor: HTMLElement;
  readonly words: string;
  readonly keys: string | undefined;
}

const delayMs = 400;

/**
 * The one tooltip of the page.
 *
 * Whatever carries `data-tip` gets it on hover and on focus; with `data-tip-cut` only where its text is cut off; `data-tip-keys` adds the key that does
 * the same. Escape closes it, and the pointer may rest on it (WCAG 1.4.13). The name itself must stand in the element: a tip is no label.
 */
export function TooltipLayer() {
  const [tip, setTip] = useState<Tip>();
  const ref = useRef<HTMLDivElement>(null);

  useEffect(() => listenForTips(ref, setTip), []);
  useEffect(() => {
    const box = ref.current;
    if (!tip || !box) return;
    box.showPopover();
    const stop = placeBeside(tip.anchor, box);
    return () => {
      stop();
      box.hidePopover();
    };
  }, [tip]);

  return (
    <div ref={ref} popover="manual" aria-hidden="true" className={styles.tip}>
      <bdi>{tip?.words}</bdi>
      {tip?.keys && <Kbd>{tip.keys}</Kbd>}
    </div>
  );
}

function listenForTips(
  box: { readonly current: HTMLElement | null },
  setTip: (tip: Tip | undefined) => void,
): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const show = (target: EventTarget | null, afterMs: number) => {
    clearTimeout(timer);
    const tip = tipOf(target);
    if (tip) timer = setTimeout(() => setTip(tip.anchor.isConnected ? tip : undefined), afterMs);
    else setTip(undefined);
  };
  const hide = () => show(null, 0);
  document.addEventListener(
    'pointerover',
    (event) => {
      const isOnTip = event.target instanceof Node && box.current?.contains(event.target);
      if (event.pointerType !== 'touch' && !isOnTip) show(event.target, delayMs);
    },
    { signal },
  );
  document.addEventListener(
    'focusin',
    (event) => {
      if (event.target instanceof Element && event.target.matches(':focus-visible')) show(event.target, delayMs);
    },
    { signal },
  );
  document.addEventListener('focusout', hide, { signal });
  document.addEventListener('pointerdown', hide, { signal, capture: true });
  document.addEventListener('keydown', hide, { signal, capture: true });
  window.addEventListener('scroll', hide, { signal, capture: true });
  signal.addEventListener('abort', () => clearTimeout(timer));
  return () => stop.abort();
}

function tipOf(target: EventTarget | null): Tip | undefined {
  const anchor = target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null;
  const words = anchor?.dataset['tip'];
  if (!anchor || !words) return undefined;
  if (anchor.dataset['tipCut'] !== undefined && anchor.scrollWidth <= anchor.clientWidth) return undefined;
  return { anchor, words, keys: anchor.dataset['tipKeys'] };
}
