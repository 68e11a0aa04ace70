import { describe, expect, it } from 'vitest';
import type { PolicyGrammar } from '../../lib/core/policy.ts';
import { camGrammar } from '../../lib/policies/cam.ts';
import { policyCheck } from '../../lib/policies/check.ts';
import { huaweiGrammar } from '../../lib/policies/huawei.ts';
import { iamGrammar } from '../../lib/policies/iam.ts';
import { ramGrammar } from '../../lib/policies/ram.ts';
import { ucloudGrammar } from '../../lib/policies/ucloud.ts';
import { volcengineGrammar } from '../../lib/policies/volcengine.ts';
import { expectRefusal } from '../support/expect-refusal.ts';

// What is told of a policy that is not one: the kind of its fault, and a sentence for who wrote it.

const readings = ({ read, example }: PolicyGrammar) => {
  const name = 'statement' in example ? 'statement' : 'Statement';
  const [first] = (example as Record<string, readonly object[]>)[name] ?? [];
  const of = (document: object) => read(JSON.stringify(document));
  return {
    text: read,
    /** The grammar's own example, with its document or its one statement changed; undefined takes a member away. */
    document: (changes: object) => of({ ...example, ...changes }),
    statement: (changes: object) => of({ ...example, [name]: [{ ...first, ...changes }] }),
    second: (changes: object) => of({ ...example, [name]: [first, { ...first, ...changes }] }),
    statements: (list: unknown) => of({ ...example, [name]: list }),
  };
};

const grammars = [iamGrammar, ramGrammar, volcengineGrammar, huaweiGrammar, ucloudGrammar, camGrammar];

describe.each(grammars.map((grammar) => [grammar.name, grammar] as const))('the grammar %s', (name, grammar) => {
  const given = readings(grammar);
  const statements = name === 'cam' ? 'statement' : 'Statement';

  it('reads its own example', () => {
    expect(given.document({})).not.toHaveProperty('fault');
  });

  it('says that a text is no document, or names a member twice', () => {
    const why = 'The policy must be a JSON object that names nothing twice.';
    const twice = JSON.stringify(grammar.example).replace('{', `{"${statements}":[],`);
    for (const text of ['', 'x', '[]', 'null', '"a"', twice]) {
      expect(given.text(text)).toEqual({ fault: 'syntax', why });
    }
  });

  it('says that a document has what it does not know', () => {
    const why = 'The policy has an element that the grammar does not know.';
    for (const extra of ['Extra', 'statements', '', ...(name === 'volcengine' ? ['Version'] : [])]) {
      expect(given.document({ [extra]: 1 })).toEqual({ fault: 'syntax', why });
    }
  });

  it('says that there are no statements, or that one is none', () => {
    const why = `The policy must have at least one ${statements}.`;
    const [example] = (grammar.example as Record<string, readonly object[]>)[statements] ?? [];
    for (const list of [undefined, [], null, 'x', ['x'], [example, 'x'], ['x', example]]) {
      expect(given.statements(list)).toEqual({ fault: 'syntax', why });
    }
  });

  it('looks at each statement, and not at the first alone', () => {
    expect(given.second({ Extra: 1 })).toMatchObject({ fault: 'syntax' });
  });
});

const capitalized = [iamGrammar, ramGrammar, volcengineGrammar, huaweiGrammar, ucloudGrammar];

describe.each(capitalized.map((grammar) => [grammar.name, grammar] as const))('the grammar %s', (name, grammar) => {
  const given = readings(grammar);
  const element = (why: string) => ({ fault: 'element', why });

  it('says what is wrong with the effect', () => {
    for (const Effect of [undefined, 'allow', 'ALLOW', ['Allow'], '', 'Permit']) {
      expect(given.statement({ Effect })).toEqual(element('The Effect must be Allow or Deny.'));
    }
  });

  it('says that an element is not known', () => {
    const why = 'A Statement has an element that the grammar does not know.';
    expect(given.statement({ Extra: 1 })).toEqual({ fault: 'syntax', why });
  });

  it('says that there is no action, or that one of several is not of its form', () => {
    const missing =
      name === 'ucloud' ? 'A Statement must have an Action.' : 'A Statement must have one of Action and NotAction.';
    for (const Action of [undefined, [], 7, ['*', 7], [7, '*']]) {
      expect(given.statement({ Action })).toEqual(element(missing));
    }
    const form = {
      huawei: 'An Action must be written service:type:operation.',
      ucloud: 'An Action must be written product:Action.',
    }[name];
    for (const Action of ['read', ['*', 'read'], ['read', '*'], ['a b:c', '*']]) {
      expect(given.statement({ Action })).toEqual(element(form ?? 'An Action must be written service:Action.'));
    }
  });

  it('says that a resource is not of its form, also beside one that is', () => {
    const why = {
      iam: 'A Resource must be an ARN or *.',
      ram: 'A Resource must begin with acs: or be *.',
      volcengine: 'A Resource must begin with trn: or be *.',
      huawei: 'A Resource must be written service:region:domain:type:path or be *.',
      ucloud: 'A Resource must be a URN or *.',
    }[name];
    for (const Resource of ['bucket', ['*', 'bucket'], ['bucket', '*']]) {
      expect(given.statement({ Resource })).toEqual({ fault: 'resource', why });
    }
  });

  it('says that a resource is no text', () => {
    const why =
      name === 'ucloud'
        ? 'A Statement must have a Resource.'
        : 'A Statement must have one of Resource and NotResource.';
    for (const Resource of [[], 7, ['*', 7]]) expect(given.statement({ Resource })).toEqual(element(why));
    const without = given.statement({ Resource: undefined });
    if (['volcengine', 'huawei'].includes(name)) {
      expect(without).toMatchObject({ statements: [{ resources: ['*'], exceptResources: false }] });
    } else expect(without).toEqual(element(why));
  });
});

describe.each([
  ['iam', iamGrammar, '2012-10-17 or 2008-10-17'],
  ['ram', ramGrammar, '1'],
  ['huawei', huaweiGrammar, '5.0'],
] as const)('the grammar %s', (name, grammar, versions) => {
  const given = readings(grammar);

  it('says which versions there are', () => {
    const why = `The Version of the policy must be ${versions}.`;
    for (const Version of ['2', 1, null, ['1']]) {
      expect(given.document({ Version })).toEqual({ fault: 'syntax', why });
    }
    const without = given.document({ Version: undefined });
    if (name === 'iam') expect(without).not.toHaveProperty('fault');
    else expect(without).toEqual({ fault: 'syntax', why });
  });

  it('takes either an action or all but one, and either a resource or all but one', () => {
    const both = { fault: 'element', why: 'A Statement must have one of Action and NotAction.' };
    expect(given.statement({ NotAction: '*' })).toEqual(both);
    expect(given.statement({ Resource: '*', NotResource: '*' })).toEqual({
      fault: 'element',
      why: 'A Statement must have one of Resource and NotResource.',
    });
    expect(given.statement({ Resource: undefined, NotResource: ['*'] })).toMatchObject({
      statements: [{ resources: ['*'], exceptResources: true, exceptActions: false }],
    });
    expect(given.statement({ Action: undefined, NotAction: ['*'] })).toMatchObject({
      statements: [{ actions: ['*'], exceptActions: true, exceptResources: false }],
    });
  });

  it('says that a session policy names nobody', () => {
    const why = 'A session policy must not have a Principal.';
    for (const member of ['Principal', 'NotPrincipal']) {
      expect(given.statement({ [member]: '*' })).toEqual({ fault: 'element', why });
    }
  });

  it('says that a condition is none', () => {
    for (const Condition of [[], 'x', null, 1]) {
      expect(given.statement({ Condition })).toEqual({ fault: 'element', why: 'A Condition must be an object.' });
    }
  });
});

describe('the grammar cam', () => {
  const given = readings(camGrammar);
  const element = (why: string) => ({ fault: 'element', why });

  it.each<[object, string]>([
    [{ principal: '*' }, 'A session policy must not have a principal.'],
    [{ principal: { qcs: ['*', '*'] } }, 'A session policy must not have a principal.'],
    [{ principal: { qcs: 'x' } }, 'A session policy must not have a principal.'],
    [{ principal: { qcs: '*', other: '*' } }, 'A session policy must not have a principal.'],
    [{ effect: 'Allow' }, 'The effect must be allow or deny.'],
    [{ action: undefined }, 'A statement must have an action.'],
    [{ action: ['*', 'read'] }, 'An action must be written service:Action or name/service:Action.'],
    [{ action: ['read', '*'] }, 'An action must be written service:Action or name/service:Action.'],
    [{ resource: undefined }, 'A statement must have a resource.'],
    [{ condition: [] }, 'A condition must be an object of operators, each an object of keys.'],
    [
      { condition: { string_equal: {}, other: 1 } },
      'A condition must be an object of operators, each an object of keys.',
    ],
  ])('says of %j what is wrong', (changes, why) => {
    expect(given.statement(changes)).toEqual(element(why));
  });

  it('says what is wrong with a resource, also beside one that is right', () => {
    const why = 'A resource must be * or have six segments.';
    for (const one of ['bucket', ['*', 'bucket'], ['bucket', '*']]) {
      expect(given.statement({ resource: one })).toEqual({ fault: 'resource', why });
    }
  });

  it('says that an element is not known, which version there is, and that a policy names nobody', () => {
    const why = 'A statement has an element that the grammar does not know.';
    expect(given.statement({ extra: 1 })).toEqual({ fault: 'syntax', why });
    const version = { fault: 'syntax', why: 'The version of the policy must be "2.0".' };
    expect(given.document({ version: '1.0' })).toEqual(version);
    expect(given.document({ principal: 'x' })).toEqual(element('A session policy must not have a principal.'));
  });

  it('takes the word name away at the beginning of an action alone', () => {
    expect(given.statement({ action: 'name/cos:name/x' })).toMatchObject({ statements: [{ actions: ['cos:name/x'] }] });
    expect(given.statement({ action: 'cos:name/x' })).toMatchObject({ statements: [{ actions: ['cos:name/x'] }] });
  });

  it('takes for a set what begins with its word, and nothing that holds it', () => {
    for (const word of ['permid', 'permit', 'actionName']) {
      const denied = (action: string) => given.statement({ effect: 'deny', action });
      expect(denied(`${word}/12`)).toMatchObject({ statements: [{ actions: ['*'] }] });
      expect(denied(`cos:${word}/12`)).toMatchObject({ statements: [{ actions: [`cos:${word}/12`] }] });
    }
  });
});

describe('the grammar ucloud', () => {
  it('says which version there is', () => {
    const why = 'The Version of the policy must be "1".';
    expect(readings(ucloudGrammar).document({ Version: 1 })).toEqual({ fault: 'syntax', why });
  });
});

describe('a check of a policy', () => {
  const text = JSON.stringify(iamGrammar.example);

  it('takes as many characters as it may have, and says how many that are', () => {
    expect(() => policyCheck(iamGrammar, text.length)(text)).not.toThrow();
    expect(expectRefusal(() => policyCheck(iamGrammar, text.length - 1)(text))).toMatchObject({
      code: 'PolicyTooLarge',
      message: `A policy may have ${text.length - 1} characters here.`,
    });
  });

  it('by a grammar that the function was built without is refused as the fault of who built it', () => {
    const absent = undefined as unknown as PolicyGrammar;
    expect(expectRefusal(() => policyCheck(absent, 1000)(text))).toMatchObject({
      code: 'Misconfigured',
      message: 'This function was built without the grammar of a policy.',
    });
  });

  it.each([
    ['MalformedPolicy', 'x'],
    ['InvalidPolicy', text.replace('Allow', 'Permit')],
    ['InvalidPolicyResource', text.replace('"Resource":"*"', '"Resource":"x"')],
  ])('refuses with the code of the fault: %s', (code, wrong) => {
    expect(expectRefusal(() => policyCheck(iamGrammar, 1000)(wrong))).toMatchObject({ code });
  });
});
