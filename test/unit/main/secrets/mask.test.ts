import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MASK, maskText } from '../../../../src-main/secrets/mask.ts';

describe('the mask', () => {
  it('takes logins out of addresses anywhere in a text', () => {
    const text = "failed: 'rtsp://admin:p@ss:w0rd@10.0.0.9:554/live?x=1', https://u:p@h/";
    expect(maskText(text, [])).toBe(`failed: 'rtsp://${MASK}@10.0.0.9:554/live?x=1', https://${MASK}@h/`);
  });

  it('leaves addresses without a login and other text alone', () => {
    const text = 'rtsp://10.0.0.9/cam@home and mail@example.org at 12:30';
    expect(maskText(text, [])).toBe(text);
  });

  it('takes known passwords out, as they are and as an address spells them', () => {
    const odd = 'p@s:s/w%ör#d';
    const text = `a ${odd} b ${encodeURIComponent(odd)} c ${encodeURI(odd)}`;
    expect(maskText(text, [odd])).toBe(`a ${MASK} b ${MASK} c ${MASK}`);
  });

  it('takes the longer of two passwords first, so that no rest of it stays', () => {
    expect(maskText('secret-one', ['secret', 'secret-one'])).toBe(MASK);
  });

  it('lets none of a thousand odd passwords through', () => {
    const password = fc
      .string({ minLength: 3, maxLength: 24, unit: 'grapheme' })
      .filter((text) => text.trim().length >= 3 && !MASK.includes(text));
    fc.assert(
      fc.property(password, (secret) => {
        const text = `x [rtsp @ 0x1] ${secret} / ${encodeURIComponent(secret)}: 401`;
        const masked = maskText(text, [secret]);
        expect(masked.replaceAll(MASK, '')).not.toContain(`] ${secret} /`);
        expect(masked).not.toContain(`/ ${encodeURIComponent(secret)}:`);
      }),
      { numRuns: 1000 },
    );
  });
});
