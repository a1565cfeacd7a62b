/** Metadata of what a page calls by itself: it keeps no session alive, for nobody has done anything. */
export const background: { 'x-roster-background': string } = { 'x-roster-background': '1' };
