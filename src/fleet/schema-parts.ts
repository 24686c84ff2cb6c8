import * as z from 'zod';

export function map<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, { error: `a map with the keys ${Object.keys(shape).join(', ')}` });
}

export function pattern(regex: RegExp, expectation: string) {
  return z.string({ error: expectation }).regex(regex, { error: expectation });
}
