import { expect, it } from 'vitest';
import { sandboxRefusal } from '../../../../src-main/windows/sandbox.ts';

const given =
  (...names: string[]) =>
  (name: string) =>
    names.includes(name);

it('opens no window of a given-out ivis without the fence around its page, and says which switch is why', () => {
  expect(sandboxRefusal(true, given())).toBeNull();
  expect(sandboxRefusal(true, given('no-sandbox'))).toMatch(/--no-sandbox: its page/);
  expect(sandboxRefusal(true, given('remote-debugging-port', 'disable-web-security'))).toMatch(
    /--disable-web-security, --remote-debugging-port/,
  );
});

it('lets those who develop it run it as they have to', () => {
  expect(sandboxRefusal(false, given('no-sandbox', 'remote-debugging-pipe'))).toBeNull();
});
