/** Calls back whenever the person does something on the page, which may be without any call: typing a long text, scrolling what is loaded. */
export function watchInput(page: Pick<Window, 'addEventListener'>, onInput: () => void): () => void {
  const ending = new AbortController();
  for (const event of ['keydown', 'pointerdown', 'wheel'] as const)
    page.addEventListener(event, onInput, { signal: ending.signal, passive: true, capture: true });
  return () => ending.abort();
}
