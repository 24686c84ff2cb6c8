import { expect, test } from 'vitest';
import { chooseAddress, readAddresses } from './addresses.ts';

const said = `reached 192.0.2.10
address lo 127.0.0.1
address lo ::1
address eth0 192.0.2.10
address eth0 2001:db8::10
address eth0 fe80::1
address eth1@if7 10.0.0.5
address docker0 172.17.0.1
`;
const own = readAddresses(said);

test('addresses of the machine alone, of its links and of its containers are left out', () => {
  expect(own).toEqual({
    reachedAt: '192.0.2.10',
    all: [
      { interface: 'eth0', address: '192.0.2.10' },
      { interface: 'eth0', address: '2001:db8::10' },
      { interface: 'eth1', address: '10.0.0.5' },
    ],
  });
});

test.each([
  ['nothing', '', '192.0.2.10'],
  ['an interface', 'eth1', '10.0.0.5'],
  ['a range', '10.0.0.0/8', '10.0.0.5'],
  ['a range of IPv6', '2001:db8::/32', '2001:db8::10'],
])('given %s', (_, wanted, address) => {
  expect(chooseAddress(own, wanted, 'ssh://n1')).toBe(address);
});

test('one that was not reached by ssh has its first address', () => {
  expect(chooseAddress(readAddresses('reached \naddress - 10.0.0.7\n'), '', 'exec://n1')).toBe('10.0.0.7');
});

test.each([
  ['eth7', 'on an interface eth7'],
  ['172.16.0.0/12', 'in 172.16.0.0/12'],
])('refused: %s', (wanted, where) => {
  expect(() => chooseAddress(own, wanted, 'ssh://n1')).toThrow(
    `The machine at ssh://n1 has no address ${where}.`,
  );
});
