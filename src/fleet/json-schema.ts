import * as z from 'zod';
import { fleetFileSchema } from './schema.ts';

/** The JSON Schema (draft 7) of `swarmctl.yaml`, which editors complete and check by: swarmctl.schema.json's text. */
export function fleetJsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(fleetFileSchema, { target: 'draft-7', io: 'input' });
  const title = 'swarmctl.yaml: a fleet of Docker Swarm clusters';
  return `${JSON.stringify({ $schema, title, ...schema }, undefined, 2)}\n`;
}
