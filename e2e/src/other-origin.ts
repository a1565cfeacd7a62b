/** An origin besides the console's own from which the tested stack may be called. Playwright answers for it; nothing listens there. */
export const otherOrigin = 'http://localhost:5173';
