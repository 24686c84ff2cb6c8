import { once } from 'node:events';
import { openEngine } from '../src/docker/engine.ts';

// Keeps a connection to the engine at an endpoint URL until it is interrupted; started by a test as a process.
const [, , endpoint = ''] = process.argv;
const engine = openEngine(endpoint);
const events = await engine.ask('watching', (api) => api.getEvents());
console.log('connected');
await once(process, 'SIGINT');
(events as unknown as { destroy(): void }).destroy();
engine.close();
