import type { HtmlTagDescriptor, Plugin } from 'vite';

/**
 * Gives the page's stylesheet the id that stops React Aria from inserting an inline style (the policy forbids one; `base.css` holds its rule), and
 * has the browser fetch the Latin font at once.
 */
export function headLinks(): Plugin {
  return {
    name: 'roster-head-links',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle }) {
        const font = Object.keys(bundle ?? {}).find((file) => /inter-latin-wght-normal.*\.woff2$/.test(file));
        const preload: HtmlTagDescriptor = {
          tag: 'link',
          attrs: { rel: 'preload', href: `/${font}`, as: 'font', type: 'font/woff2', crossorigin: true },
          injectTo: 'head-prepend',
        };
        return {
          html: html.replace('<link rel="stylesheet"', '<link id="react-aria-pressable-style" rel="stylesheet"'),
          tags: font ? [preload] : [],
        };
      },
    },
  };
}
