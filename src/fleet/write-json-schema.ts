import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';
import { fleetJsonSchema } from './json-schema.ts';

await writeFile(join(packageRoot, 'swarmctl.schema.json'), fleetJsonSchema());
