import { createContext, useContext } from 'react';

/** The native dialog that something is drawn in; undefined on the page itself. */
export const DialogElementContext = createContext<Element | undefined>(undefined);

/** Tells an overlay of React Aria to go into the dialog that it is in: beside it, it would lie below the dialog and could not be pressed. */
export function usePortal(): { readonly UNSTABLE_portalContainer?: Element } {
  const element = useContext(DialogElementContext);
  return element ? { UNSTABLE_portalContainer: element } : {};
}
