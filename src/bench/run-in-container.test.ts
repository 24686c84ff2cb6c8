import { expect, test } from 'vitest';
import { splitOutput } from './run-in-container.ts';

function frame(stream: number, text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

test('interleaved frames are put together by stream', () => {
  const frames = [frame(1, 'one '), frame(2, 'log '), frame(1, 'µs'), frame(2, 'end')];
  expect(splitOutput(Buffer.concat(frames))).toEqual({ stdout: 'one µs', stderr: 'log end' });
});

test('a character that is split between two frames stays whole', () => {
  const bytes = Buffer.from('µ');
  const halves = [bytes.subarray(0, 1), bytes.subarray(1)].map((half) => {
    const header = Buffer.from([1, 0, 0, 0, 0, 0, 0, half.length]);
    return Buffer.concat([header, half]);
  });
  expect(splitOutput(Buffer.concat(halves)).stdout).toBe('µ');
});

test('a frame that was cut off counts as far as it came', () => {
  const whole = Buffer.concat([frame(1, 'kept'), frame(2, 'cut off')]);
  expect(splitOutput(whole.subarray(0, -4))).toEqual({ stdout: 'kept', stderr: 'cut' });
  expect(splitOutput(whole.subarray(0, 15))).toEqual({ stdout: 'kept', stderr: '' });
  expect(splitOutput(Buffer.alloc(0))).toEqual({ stdout: '', stderr: '' });
});
