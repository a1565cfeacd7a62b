import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { headLinks } from './build/head-links.ts';
import { narrowFonts } from './build/narrow-fonts.ts';

export default defineConfig({
  plugins: [react(), narrowFonts(), headLinks()],
  build: {
    target: ['chrome125', 'firefox128', 'safari17.4'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // All that the list needs comes in one piece, also what it shares with screens that come later: each piece more is a request more.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } } },
  },
});
