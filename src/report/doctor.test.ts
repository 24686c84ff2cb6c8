import { expect, test } from 'vitest';
import { doctorLines } from './doctor.ts';
import type { DoctorReport } from './report.ts';
import { createStyle } from './style.ts';
import { asciiSymbols } from './symbols.ts';

const report: DoctorReport = {
  version: 1,
  command: 'doctor',
  ok: false,
  exitCode: 1,
  checks: [
    { name: 'docker-client', status: 'ok', message: 'Client 28.2.2 has `docker stack config`.' },
    {
      name: 'engine',
      status: 'fail',
      message: 'There is no engine.',
      fix: 'Install Docker, then start it and run this again.',
    },
    { name: 'ip_vs', status: 'warn', message: 'two\nlines', fix: '`modprobe ip_vs`' },
    { name: 'vxlan', status: 'unknown', message: 'This system does not tell.' },
  ],
};

test('a row for each check, with what to do below it, and the sum', () => {
  expect(`\n${doctorLines(report, createStyle(false, 60)).join('\n')}\n`).toBe(`
✔ ok       docker-client  Client 28.2.2 has
                          \`docker stack config\`.
✖ fail     engine         There is no engine.
                          → Install Docker, then start it
                            and run this again.
! warn     ip_vs          two
                          lines
                          → \`modprobe ip_vs\`
? unknown  vxlan          This system does not tell.

1 ok, 1 warn, 1 fail, 1 unknown
`);
});

test('a terminal without UTF-8 gets ASCII', () => {
  const lines = doctorLines(report, createStyle(false, 60, asciiSymbols));
  expect(lines.join('\n')).toMatch(/^[\x20-\x7e\n]*$/);
});
