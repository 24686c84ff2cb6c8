import { expect, test } from 'vitest';
import { mtuFinding, overlayMtu } from './overlay.ts';

const mtuOption = 'com.docker.network.driver.mtu';
const overlay = { path: 'overlay', configured: 1450, probed: 1450, bulk: true } as const;

test.each([
  [{}, 1450],
  [{ [mtuOption]: '9000' }, 8950],
  [{ encrypted: 'true' }, 1424],
  [{ encrypted: '' }, 1424],
  [{ encrypted: 'false' }, 1450],
  [{ [mtuOption]: '1400', encrypted: 'true' }, 1324],
])('containers in an overlay with the options %o have an MTU of %i', (options, mtu) => {
  expect(overlayMtu(options)).toBe(mtu);
});

test('what fits gives no finding', () => {
  expect(mtuFinding(overlay, 1500, false)).toBeUndefined();
  expect(mtuFinding(overlay, 9001, false)).toBeUndefined();
  expect(mtuFinding(overlay, undefined, false)).toBeUndefined();
});

test('an overlay that is larger than the nodes’ network can carry is named with its fix', () => {
  expect(mtuFinding(overlay, 1450, false)).toBe(
    `The overlay's MTU is 1450, but the 1450 bytes that the nodes' network carries leave 1400: larger packets are divided or lost. Set driver_opts ${mtuOption}: "1450" on the overlay networks.`,
  );
  expect(mtuFinding(overlay, 1500, true)).toContain('leave 1424');
  expect(mtuFinding({ ...overlay, configured: 1424, probed: 1424 }, 1500, true)).toBeUndefined();
});

test('without a look at the nodes’ network what arrives over the overlay decides', () => {
  expect(mtuFinding({ ...overlay, probed: 1380 }, undefined, false)).toContain(`${mtuOption}: "1430"`);
  const encrypted = { ...overlay, configured: 1424, probed: 1380 };
  expect(mtuFinding(encrypted, undefined, true)).toContain(`${mtuOption}: "1456"`);
  expect(overlayMtu({ [mtuOption]: '1456', encrypted: '' })).toBe(1380);
});

test('a bulk transfer that stalls is a finding, too', () => {
  expect(mtuFinding({ ...overlay, bulk: false }, 1500, false)).toContain('drops full packets of 1450 bytes');
});
