import { expect, test } from 'vitest';
import { watchArrivals } from './arrival.ts';

/** A page at an address, whose address the test can change as following a link on it does. */
function pageAt(address: string) {
  let url = new URL(address, 'http://localhost');
  let onHashChange: () => void = () => undefined;
  const history = {
    state: { kept: true },
    replaced: [] as unknown[],
    replaceState(state: unknown, _: string, path: string) {
      this.replaced.push(state);
      url = new URL(path, url);
    },
  };
  const page = {
    get location() {
      return url;
    },
    history,
    addEventListener: (_: string, listener: () => void) => {
      onHashChange = listener;
    },
  };
  return {
    page,
    history,
    address: () => url.href.replace('http://localhost', ''),
    follow(next: string) {
      url = new URL(next, url);
      onHashChange();
    },
  };
}

test.each(['/setup', '/accept'])('the secret of a link to %s leaves the address at once', (path) => {
  const { page, address, history } = pageAt(`${path}#s3cret`);
  expect(watchArrivals(page).getSnapshot()).toEqual({ kind: 'link', secret: 's3cret' });
  expect(address()).toBe(path);
  expect(history.replaced).toEqual([{ kept: true }]);
});

test('what the provider has sent the browser back with leaves the address at once', () => {
  const { page, address } = pageAt('/oidc?code=c0de&state=x');
  expect(watchArrivals(page).getSnapshot()).toEqual({ kind: 'oidc', query: 'code=c0de&state=x' });
  expect(address()).toBe('/oidc');
});

test.each(['/users?filter=a#b', '/setup', '/oidc', '/account#x'])('nothing is taken from %s', (path) => {
  const { page, address } = pageAt(path);
  expect(watchArrivals(page).getSnapshot()).toBeUndefined();
  expect(address()).toBe(path);
});

test('a newer link that is followed on the same page takes the place of the one before', () => {
  const { page, address, follow } = pageAt('/accept#old');
  const arrivals = watchArrivals(page);
  let told = 0;
  arrivals.subscribe(() => {
    told += 1;
  });
  follow('/accept#new');
  expect([arrivals.getSnapshot(), told, address()]).toEqual([{ kind: 'link', secret: 'new' }, 1, '/accept']);
  arrivals.forget();
  expect(arrivals.getSnapshot()).toBeUndefined();
});
