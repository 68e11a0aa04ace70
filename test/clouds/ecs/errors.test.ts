import { describe, expect, it } from 'vitest';
import { ecsErrors, managementErrors, meaningOf } from '../../../lib/clouds/ecs/errors.ts';
import { StsError, type StsErrorCode, stsErrors } from '../../../lib/core/errors.ts';
import { at, context, dialect, provider } from '../../support/clouds/ecs.ts';
import { refusalCode } from '../../support/expect-refusal.ts';

describe('the codes of ECS', () => {
  const codes = Object.keys(stsErrors) as StsErrorCode[];

  it.each(codes)('say %s, and what is read of it says the same again', (code) => {
    for (const table of [ecsErrors, managementErrors]) {
      const say = (one: StsErrorCode) => meaningOf(table[one].code, table[one].status);
      expect(say(say(code))).toBe(say(code));
    }
  });

  it.each(codes)('are read by our provider from the reply that says %s', (code) => {
    for (const accept of ['*/*', 'application/json']) {
      for (const path of ['/sts', '/login']) {
        const reply = dialect.renderError(new StsError(code), context(at(path, { accept })));
        const table = path === '/sts' ? ecsErrors : managementErrors;
        expect(reply.status).toBe(table[code].status);
        expect(refusalCode(() => provider.normalize(reply, 'AssumeRole'))).toBe(
          meaningOf(table[code].code, reply.status),
        );
      }
    }
  });
});
