import react from '@vitejs/plugin-react';
import { defineConfig, type HtmlTagDescriptor, type Plugin } from 'vite';

/**
 * Gives the page's stylesheet the id that stops React Aria from inserting an inline style (the policy forbids one; `base.css` holds its rule), and
 * has the browser fetch the Latin font at once.
 */
function headLinks(): Plugin {
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

export default defineConfig({
  plugins: [react(), headLinks()],
  build: {
    target: ['chrome125', 'firefox128', 'safari17.4'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // All that the list needs comes in one piece, also what it shares with screens that come later: each piece more is a request more.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } } },
  },
});
