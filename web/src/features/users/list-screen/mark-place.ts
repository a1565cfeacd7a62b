import type { Span } from './filter-error.ts';

/** Keeps a mark below a stretch of an input's text, as it scrolls, until the returned function is called. */
export function markPlace(input: HTMLInputElement, { start, end }: Span, mark: HTMLElement): () => void {
  const context = document.createElement('canvas').getContext('2d');
  const place = () => {
    if (!context) return;
    const style = getComputedStyle(input);
    context.font = style.font;
    const before = context.measureText(input.value.slice(0, start)).width;
    const at = Math.max(context.measureText(input.value.slice(start, end)).width, 6);
    const left = input.offsetLeft + Number.parseFloat(style.paddingLeft) + before - input.scrollLeft;
    mark.style.left = `${Math.min(Math.max(left, input.offsetLeft), input.offsetLeft + input.offsetWidth - at)}px`;
    mark.style.width = `${at}px`;
  };
  place();
  input.addEventListener('scroll', place);
  window.addEventListener('resize', place);
  return () => {
    input.removeEventListener('scroll', place);
    window.removeEventListener('resize', place);
  };
}
