import { main } from '@pulumi/pulumi/provider/index.js';
import { connectChannels } from './channel.ts';
import { createProvider } from './provider.ts';

// An engine that was killed cannot stop its plugins: one whose parent is gone has nobody to work for.
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.kill(process.pid, 'SIGKILL'), 1_000).unref();

const [engineAddress] = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const managers = (process.env.SWARMCTL_MANAGERS ?? '').split(',').filter(Boolean);
await main(createProvider(managers, connectChannels(engineAddress ?? '')), process.argv.slice(2));
