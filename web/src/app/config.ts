/** What the page was made for. */
export interface Config {
  /** Where the API is; empty for the page's own origin. */
  readonly apiUrl: string;
}

/**
 * In development Vite serves the page at a port of its own. The API is then called by the host name that the page has, whichever: under another one it would be
 * another site, to which no browser sends the session's cookie.
 */
export function readConfig(): Config {
  const port = import.meta.env['VITE_ROSTER_API_PORT'];
  return { apiUrl: port ? `http://${location.hostname}:${port}` : '' };
}
