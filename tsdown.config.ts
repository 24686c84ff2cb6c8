import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: { main: 'bin/swarmctl.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node22',
  outDir: 'dist',
  dts: false,
  clean: true,
  // What every command loads, in one file with it: each file costs time at the start.
  deps: { alwaysBundle: ['commander', 'chalk'] },
  outExtensions: () => ({ js: '.js' }),
});
