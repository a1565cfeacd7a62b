const gapPx = 4;
const edgePx = 8;

/** Where a floating box goes: below its anchor and level with its start, or where there is room. */
export function placeFor(
  anchor: Readonly<{ top: number; bottom: number; left: number; right: number }>,
  box: Readonly<{ width: number; height: number }>,
  view: Readonly<{ width: number; height: number }>,
): { readonly left: number; readonly top: number } {
  const below = anchor.bottom + gapPx;
  const above = anchor.top - gapPx - box.height;
  const fitsBelow = below + box.height <= view.height - edgePx;
  const level = anchor.left + box.width <= view.width - edgePx ? anchor.left : anchor.right - box.width;
  return {
    left: Math.max(edgePx, Math.min(level, view.width - edgePx - box.width)),
    top: Math.max(edgePx, fitsBelow || above < edgePx ? Math.min(below, view.height - edgePx - box.height) : above),
  };
}

/** Keeps a box of the top layer beside its anchor until the returned function is called. */
export function placeBeside(anchor: Element, box: HTMLElement): () => void {
  const place = () => {
    const view = { width: window.innerWidth, height: window.innerHeight };
    const { left, top } = placeFor(
      anchor.getBoundingClientRect(),
      { width: box.offsetWidth, height: box.offsetHeight },
      view,
    );
    box.style.left = `${left}px`;
    box.style.top = `${top}px`;
  };
  place();
  const observer = new ResizeObserver(place);
  observer.observe(box);
  window.addEventListener('resize', place);
  window.addEventListener('scroll', place, true);
  return () => {
    observer.disconnect();
    window.removeEventListener('resize', place);
    window.removeEventListener('scroll', place, true);
  };
}
