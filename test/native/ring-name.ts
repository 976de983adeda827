import { afterEach } from 'vitest';
import { unlinkRing } from '#native';

const names: string[] = [];
let made = 0;

/** A ring name of this test process, unlinked after the test. */
export function ringName(): string {
  made += 1;
  const name = `/ivt-${process.pid.toString(36)}-${made}`;
  names.push(name);
  return name;
}

afterEach(() => {
  for (const name of names.splice(0)) unlinkRing(name);
});
