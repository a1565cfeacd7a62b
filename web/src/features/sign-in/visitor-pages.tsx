import { useLocation } from 'wouter';
import { ReadCache } from '../../rpc/read-cache.tsx';
import { LinkPage } from './link-page.tsx';
import { OidcPage } from './oidc-page.tsx';
import { SignInPage } from './sign-in-page.tsx';

/** The pages for whoever is not signed in. */
export function VisitorPages() {
  const [path, navigate] = useLocation();
  const go = (to: string) => navigate(to, { replace: true });
  return <ReadCache>{pageAt(path, go)}</ReadCache>;
}

function pageAt(path: string, go: (to: string) => void) {
  switch (path) {
    case '/setup':
    case '/accept':
      return <LinkPage isSetup={path === '/setup'} onDone={() => go('/users')} />;
    case '/oidc':
      return <OidcPage onDone={go} />;
    default:
      return <SignInPage />;
  }
}
