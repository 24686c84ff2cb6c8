import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: { main: 'bin/swarmctl.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node22',
  outDir: 'dist',
  dts: false,
  clean: true,
  // What nearly every command loads: each file of its own costs time at the start, and these are hundreds.
  deps: { alwaysBundle: ['commander', 'chalk', 'execa', 'ora', 'semver', 'yaml', 'zod'] },
  outExtensions: () => ({ js: '.js' }),
});
