/** What the page was built for. */
export interface Config {
  /** Where the API is; empty for the page's own origin. */
  readonly apiUrl: string;
}

export function readConfig(): Config {
  return { apiUrl: import.meta.env['VITE_ROSTER_API'] ?? '' };
}
