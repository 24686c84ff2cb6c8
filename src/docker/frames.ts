/** `system` is what the engine itself says, such as that a part of a log cannot be had (moby pkg/stdcopy). */
type StreamName = 'stdout' | 'stderr' | 'system';

/** A piece of what a process wrote: the engine sends stdout and stderr through one stream in frames. */
export interface Frame {
  stream: StreamName;
  payload: Buffer;
}

const headerBytes = 8;
const streamNames: Record<number, StreamName> = { 2: 'stderr', 3: 'system' };

/**
 * Takes the first frame off a buffer: one byte of stream number, three of zero, four of length (Engine API, "Attach to
 * a container").
 * @returns undefined when no frame is complete.
 */
export function takeFrame(buffered: Buffer): { frame: Frame; rest: Buffer } | undefined {
  if (buffered.length < headerBytes) return undefined;
  const end = headerBytes + buffered.readUInt32BE(4);
  if (buffered.length < end) return undefined;
  return { frame: frameOf(buffered, end), rest: buffered.subarray(end) };
}

/** All frames of a stream that has ended; one that was cut off counts as far as it came. */
export function splitFrames(stream: Buffer): Frame[] {
  const frames: Frame[] = [];
  let rest = stream;
  for (let taken = takeFrame(rest); taken; taken = takeFrame(rest)) {
    frames.push(taken.frame);
    rest = taken.rest;
  }
  return rest.length > headerBytes ? [...frames, frameOf(rest, rest.length)] : frames;
}

function frameOf(buffered: Buffer, end: number): Frame {
  const stream = streamNames[buffered[0] ?? 1] ?? 'stdout';
  return { stream, payload: buffered.subarray(headerBytes, end) };
}
