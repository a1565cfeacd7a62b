import { join, resolve } from 'node:path';

/** The checkout. */
export const root = resolve(import.meta.dirname, '../..');

export const inRoot = (...parts: readonly string[]) => join(root, ...parts);
