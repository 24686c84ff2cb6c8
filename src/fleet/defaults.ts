/** What holds where neither a cluster nor the file's `defaults` say otherwise. */
export const fleetDefaults = { managers: 3, workers: 0, engine: '26', keep: 3, instanceType: 't3.medium' };
