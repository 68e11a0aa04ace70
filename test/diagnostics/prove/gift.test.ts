import { describe, expect, it } from 'vitest';
import { exceedingParts, giftOf } from '../../../lib/diagnostics/prove/gift.ts';
import { writtenConfig } from '../../support/prove.ts';

const policy = (Effect: string) => ({ Version: '2012-10-17', Statement: [{ Effect, Action: 's3:*', Resource: '*' }] });
/** The same document, its members in another order. */
const turned = { Statement: [{ Resource: '*', Action: 's3:*', Effect: 'Allow' }], Version: '2012-10-17' };

/** What a grant gives, of an account with these changes. */
const giftWith = (grant: object = {}, account: object = {}) => {
  const written = writtenConfig({
    accounts: {
      prod: { cloud: 'aws', endpoint: 'https://sts.example.test/', key: { id: 'A', secret: 'env:S' }, ...account },
    },
    callers: { ci: { accessKey: { id: 'AKIDCI', secret: 'env:S' } } },
    grants: [{ name: 'g', callers: ['ci'], account: 'prod', operations: ['AssumeRole'], roles: ['r'], ...grant }],
  });
  const [first] = written.grants;
  if (first === undefined) throw new Error('There is no grant.');
  return giftOf(first, written);
};

describe('what one grant gives beyond another', () => {
  it.each<[string, object, object, readonly string[]]>([
    ['nothing, if they are alike', {}, {}, []],
    ['nothing, if it narrows by a policy', { policy: policy('Allow') }, {}, []],
    ['what a policy withholds', {}, { policy: policy('Allow') }, ['policy']],
    ['what another policy withholds', { policy: policy('Allow') }, { policy: policy('Deny') }, ['policy']],
    ['nothing by the order of a policy’s members', { policy: policy('Allow') }, { policy: turned }, []],
    ['tags', { tags: { team: 'red' } }, {}, ['tags']],
    ['other tags', { tags: { team: 'red' } }, { tags: { team: 'blue' } }, ['tags']],
    ['the absence of tags', {}, { tags: { team: 'blue' } }, ['tags']],
    ['nothing by the order of tags', { tags: { a: '1', b: '2' } }, { tags: { b: '2', a: '1' } }, []],
    ['nothing, if it fixes the name of the session', { sessionName: 'x' }, {}, []],
    ['the choice of the name of the session', {}, { sessionName: 'x' }, ['sessionName']],
    ['nothing, if both fix the same', { sessionName: 'x' }, { sessionName: 'x' }, []],
    ['another name of the session', { sessionName: 'x' }, { sessionName: 'y' }, ['sessionName']],
    ['a source identity', { sourceIdentity: 'x' }, {}, ['sourceIdentity']],
    ['no source identity', {}, { sourceIdentity: 'x' }, ['sourceIdentity']],
    ['nothing, if the callers of the other could say it', { sourceIdentity: 'x' }, { accepts: ['sourceIdentity'] }, []],
    [
      'another source identity than the other fixes',
      { sourceIdentity: 'x' },
      { sourceIdentity: 'y', accepts: ['sourceIdentity'] },
      ['sourceIdentity'],
    ],
    ['an external id', { externalId: 'env:X' }, {}, ['externalId']],
    ['no external id', {}, { externalId: 'env:X' }, ['externalId']],
    ['nothing, if callers may narrow by a policy', { accepts: ['policy'] }, {}, []],
    [
      'what callers may say',
      { accepts: ['tags', 'sourceIdentity', 'secondFactor'] },
      { accepts: ['tags'] },
      ['accepts sourceIdentity', 'accepts secondFactor'],
    ],
    ['nothing, if callers may say less', {}, { accepts: ['tags'] }, []],
    ['that it is shared', { shareable: true }, { shareable: false }, ['shareable']],
    ['nothing, if it is not shared', { shareable: false }, { shareable: true }, []],
  ])('is %s', (_, one, other, parts) => {
    expect(exceedingParts(giftWith(one), giftWith(other))).toEqual(parts);
  });

  it('is the account, if that is another of the same name', () => {
    expect(exceedingParts(giftWith(), giftWith({}, { endpoint: 'https://sts.other.test/' }))).toEqual(['account']);
    expect(exceedingParts(giftWith({}, { region: 'a' }), giftWith({}, { region: 'a' }))).toEqual([]);
  });
});
