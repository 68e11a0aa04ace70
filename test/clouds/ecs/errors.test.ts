import { describe, expect, it } from 'vitest';
import { ecsErrors, managementError, meaningOf } from '../../../lib/clouds/ecs/errors.ts';
import { StsError, type StsErrorCode, stsErrors } from '../../../lib/core/errors.ts';
import { at, context, dialect, provider } from '../../support/clouds/ecs.ts';
import { refusalCode } from '../../support/expect-refusal.ts';

const ofSts = (code: StsErrorCode) => ecsErrors[code];
const ofManagement = (code: StsErrorCode) => managementError(new StsError(code));
const sides = [ofSts, ofManagement];

describe('the codes of ECS', () => {
  const codes = Object.keys(stsErrors) as StsErrorCode[];

  it.each(codes)('say %s, and what is read of it says the same again', (code) => {
    for (const sideOf of sides) {
      const say = (one: StsErrorCode) => meaningOf(sideOf(one).code, sideOf(one).status);
      expect(say(say(code))).toBe(say(code));
    }
  });

  it.each(codes)('are read by our provider from the reply that says %s', (code) => {
    for (const accept of ['*/*', 'application/json']) {
      for (const path of ['/sts', '/login']) {
        const reply = dialect.renderError(new StsError(code), context(at(path, { accept })));
        const said = (path === '/sts' ? ofSts : ofManagement)(code);
        expect(reply.status).toBe(said.status);
        expect(refusalCode(() => provider.normalize(reply, 'AssumeRole'))).toBe(meaningOf(said.code, reply.status));
      }
    }
  });
});
