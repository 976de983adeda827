import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const root = import.meta.dirname;
const at = (path: string): string => resolve(root, path);

/** Packages with binaries of their own; everything else is bundled, so that a release carries no loose modules. */
const external = [
  'electron',
  'onnxruntime-node',
  'better-sqlite3',
  '@ffmpeg-installer/ffmpeg',
  '@julusian/jpeg-turbo',
];

export default defineConfig({
  main: {
    build: {
      outDir: at('out/main'),
      target: 'node24',
      externalizeDeps: false,
      sourcemap: true,
      rollupOptions: {
        external,
        input: {
          main: at('src-main/main.ts'),
          capture: at('src-worker/capture/index.ts'),
          detection: at('src-worker/detection/index.ts'),
          inference: at('src-worker/detection/model/inference-thread.ts'),
          store: at('src-worker/store/index.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: at('out/preload'),
      externalizeDeps: false,
      rollupOptions: {
        external: ['electron'],
        input: { preload: at('src-main/preload/preload.ts') },
        // A sandboxed preload is loaded as CommonJS, whatever the package's type says.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('src-renderer'),
    plugins: [react()],
    build: {
      outDir: at('out/renderer'),
      target: 'chrome148',
      // The policy of the page forbids data: fonts and inline modules.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      minify: true,
      rollupOptions: { input: { index: at('src-renderer/index.html') } },
    },
  },
});
