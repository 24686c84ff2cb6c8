import { afterAll, inject } from 'vitest';
import { takeTurn } from './lanes.ts';

afterAll(await takeTurn(inject('lanes').lab));
