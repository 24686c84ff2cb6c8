import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: { main: 'bin/swarmctl.ts', provider: 'provider/main.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node22',
  outDir: 'dist',
  dts: false,
  clean: true,
  outExtensions: () => ({ js: '.js' }),
});
