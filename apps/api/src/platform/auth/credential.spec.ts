import { describe, expect, it } from '@jest/globals';
import { credentialOf, makeSecret } from './credential.js';

const { secret, hash } = makeSecret('baramati');
const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;

describe('a credential', () => {
  it('is read from the cookie among others, and kept as its hash only', () => {
    const found = credentialOf({ cookie: `a=b; jarib_session=${secret}; c=d` });
    expect(found).toEqual({ kind: 'session', ulbCode: 'baramati', hash, login: null });
    expect(JSON.stringify(found)).not.toContain(secret.split('.')[1]);
  });

  it('is read from Bearer and from Basic, whose login is told in small letters', () => {
    expect(credentialOf({ authorization: `bearer ${secret}` })).toMatchObject({
      kind: 'token',
      hash,
      login: null,
    });
    expect(credentialOf({ authorization: basic(`Asha:${secret}`) })).toMatchObject({ hash, login: 'asha' });
  });

  it('sent on purpose counts before the cookie, also when it is wrong', () => {
    expect(credentialOf({ authorization: 'Bearer x', cookie: `jarib_session=${secret}` })).toBeNull();
  });

  it.each([
    [{}],
    [{ cookie: '' }],
    [{ cookie: `xjarib_session=${secret}` }],
    [{ cookie: 'jarib_session=' }],
    [{ cookie: `jarib_session=${secret}x` }],
    [{ cookie: `jarib_session=.${'A'.repeat(43)}` }],
    [{ authorization: '' }],
    [{ authorization: 'Basic' }],
    [{ authorization: basic('no colon') }],
    [{ authorization: `Digest ${secret}` }],
  ])('is not in %j', (headers) => {
    expect(credentialOf(headers)).toBeNull();
  });

  it('is never made twice', () => {
    const made = new Set(Array.from({ length: 1_000 }, () => makeSecret('a1').hash));
    expect(made.size).toBe(1_000);
  });
});
