import { expect, it } from 'vitest';
import { subjectOf } from '../../lib/auth/subject.ts';

it.each([
  [
    { iss: 'i', sub: 's' },
    { issuer: 'i', name: 's' },
  ],
  [{ sub: 's' }, undefined],
  [{ iss: 'i' }, undefined],
  [{ iss: 'i', sub: '' }, undefined],
  [{ iss: 'i', sub: 7 }, undefined],
])('the claims %j name the subject %j', (claims, subject) => {
  expect(subjectOf(claims)).toEqual(subject);
});
