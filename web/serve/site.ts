import type { IncomingMessage, ServerResponse } from 'node:http';
import sirv from 'sirv';

/**
 * Answers with the files of the built page. Paths that a person may open, as `/users/42`, get the page itself, which
 * finds its screen by the path; a missing file and a path of the API get a 404, never HTML with a 200, which a client
 * would take for an answer.
 */
export function createSite(root: string): (request: IncomingMessage, response: ServerResponse) => void {
  const files = sirv(root, { etag: true, gzip: true, brotli: true, dotfiles: false, setHeaders });
  return (request, response) => {
    const path = pathOf(request);
    if (path === '/healthz') return answer(response, 200, 'ok\n');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return answer(response, 405, 'only GET and HEAD\n');
    }
    if (isPage(path)) request.url = '/';
    files(request, response, () => answer(response, 404, 'not found\n'));
  };
}

/** A path that may be a screen: not a file, not the API, not a folder of files. */
export function isPage(path: string): boolean {
  const lastSegment = path.slice(path.lastIndexOf('/') + 1);
  return !lastSegment.includes('.') && !/^\/(userservice\.v1\.|grpc\.|assets\/|[^/]*\.[^/]*\/)/.test(path);
}

/** What Vite puts into `assets` has its content's hash in its name; everything else is asked for again each time. */
function setHeaders(response: ServerResponse, path: string): void {
  const isHashed = path.startsWith('/assets/');
  response.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').replace(/[?#].*$/s, '');
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(text);
}
