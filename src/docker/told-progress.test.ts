import { Readable } from 'node:stream';
import Dockerode from 'dockerode';
import { expect, test } from 'vitest';
import { readProgress } from './told-progress.ts';

const api = new Dockerode();
const what = 'pulling a:1';

test('lines without an error are progress', async () => {
  const lines = ['{"status":"Pulling"}\n', '{"status":"Done"}\n'];
  await expect(readProgress(api, what, Readable.from(lines))).resolves.toBeUndefined();
});

test('an error in the middle is one', async () => {
  const lines = ['{"status":"Pulling"}\n{"error":"no space left on', ' device"}\n'];
  await expect(readProgress(api, what, Readable.from(lines))).rejects.toThrow(
    'pulling a:1 failed: no space left on device',
  );
});
