/** Loads the page anew, which leaves nothing of it in memory; at another address of ours if one is given. The sign-in page is told why it is opened. */
export function loadAnew(path?: string): void {
  if (path !== undefined) history.replaceState(path === '/sign-in' ? { isLeft: true } : null, '', path);
  location.reload();
}
