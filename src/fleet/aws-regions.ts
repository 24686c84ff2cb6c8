import { awsRegions, priceTable } from '../aws/prices.ts';
import { nearest } from '../nearest.ts';

/** What to tell of a region that the price table does not have; undefined for one that it has. */
export function unknownRegion(region: string): { message: string; hint: string } | undefined {
  if (awsRegions.includes(region)) return undefined;
  const meant = nearest(region, awsRegions);
  return {
    message: `there is no AWS region "${region}" in the price table of ${priceTable.date}`,
    hint: meant ? `Did you mean "${meant}"?` : `Known regions: ${awsRegions.join(', ')}.`,
  };
}
