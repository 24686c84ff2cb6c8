import { afterAll, inject } from 'vitest';
import { takeTurn } from './lanes.ts';

// Imported by files of the lab too: what they measure, they measure while nothing runs beside them.
afterAll(await takeTurn(inject('lanes').own));
