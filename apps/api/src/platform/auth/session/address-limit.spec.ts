import { describe, expect, it } from '@jest/globals';
import { AddressLimit } from './address-limit.js';

const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 6, 0, second));

describe('the limit of tries from one address', () => {
  it('refuses the one too many and says how long to wait, and lets others try', () => {
    const limit = new AddressLimit(2);
    limit.take('203.0.113.7', at(1));
    limit.take('203.0.113.7', at(2));
    expect(() => limit.take('203.0.113.7', at(20))).toThrow(
      expect.objectContaining({ status: 429, kind: 'too-many-tries', extra: { retryAfterS: 40 } }),
    );
    expect(() => limit.take('203.0.113.8', at(20))).not.toThrow();
  });

  it('begins anew with the next minute', () => {
    const limit = new AddressLimit(1);
    limit.take('203.0.113.7', at(59));
    expect(() => limit.take('203.0.113.7', at(59))).toThrow();
    expect(() => limit.take('203.0.113.7', at(60))).not.toThrow();
  });
});
