import { describe, expect, it } from 'vitest';
import { sign, signature, signedText } from '../../lib/signers/ucloud-sha1.ts';
import { form, key, parse, policy, type Texts, wanted } from '../support/clouds/ucloud.ts';
import { refusalCode } from '../support/expect-refusal.ts';

// UCloud signs names and values in one run, so whoever carries a request can cut the run at another place.

/** The code by which the parameters are refused, if their signature is right; fails if it is not. */
const outcome = (params: Texts): string => {
  const { Signature, ...signed } = params;
  expect(Signature).toBe(signature(signedText(signed), key.secret));
  return refusalCode(() => parse(form(params)));
};

const cuts: readonly (readonly [string, Texts, Texts])[] = [
  [
    'a zone out of a role',
    { RoleUrn: 'ucs:iam::55:role/adminZone-b' },
    { RoleUrn: 'ucs:iam::55:role/admin', Zone: '-b' },
  ],
  [
    'a token out of a role',
    { RoleUrn: 'ucs:iam::55:role/adminSecurityTokenx' },
    { RoleUrn: 'ucs:iam::55:role/admin', SecurityToken: 'x' },
  ],
  [
    'the role out of the session name',
    { RoleSessionName: 'meRoleUrnucs:iam::55:role/admin', RoleUrn: 'x' },
    { RoleSessionName: 'me', RoleUrn: 'ucs:iam::55:role/adminRoleUrnx' },
  ],
];

describe('what UCloud’s signature covers', () => {
  it.each(cuts)('is not taken as the sender meant it or as it was cut anew: %s', (_, meant, cut) => {
    const { Signature, ...signed } = sign({ ...wanted, ...meant }, key) as Texts;
    const anew = { ...signed, ...cut };
    expect(signedText(anew)).toBe(signedText(signed));
    expect(outcome({ ...signed, Signature: Signature ?? '' })).toBe('InvalidParameter');
    const refused = outcome({ ...anew, Signature: Signature ?? '' });
    // A token beside a long-term key is refused where the key is looked up.
    if (!('SecurityToken' in cut)) expect(refused).toMatch(/^(InvalidParameter|UnknownParameter)$/);
    else expect(parse(form({ ...anew, Signature: Signature ?? '' })).proof).toHaveProperty('sessionToken');
  });

  it('is taken if its values hold names that are signed before them', () => {
    const role = 'ucs:iam::55:role/RegionPolicyAdmin';
    expect(outcome(sign({ ...wanted, RoleUrn: role, Policy: policy }, key) as Texts)).toBe('none');
  });
});
