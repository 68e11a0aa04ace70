import { describe, expect, it } from 'vitest';
import type { PolicyGrammar } from '../../lib/core/policy.ts';
import { grammars } from '../../lib/policies/grammars.ts';

// Of which form actions and resources must be, from their first character to their last.

const { iam, ram, volcengine, huawei, ucloud, cam } = grammars;

/** The grammar's own example, read with its one statement changed. */
const readWith = ({ read, example }: PolicyGrammar, changes: Readonly<Record<string, string>>) => {
  const name = 'statement' in example ? 'statement' : 'Statement';
  const [first] = (example as Record<string, readonly object[]>)[name] ?? [];
  return read(JSON.stringify({ ...example, [name]: [{ ...first, ...changes }] }));
};

/** The kind of fault that this is; undefined if it is none. */
const faultOf = (...given: Parameters<typeof readWith>): string | undefined => {
  const reading = readWith(...given);
  return 'fault' in reading ? reading.fault : undefined;
};

const memberOf = (grammar: PolicyGrammar, member: string): string => (grammar === cam ? member.toLowerCase() : member);

const forms = (grammar: PolicyGrammar, member: string, texts: readonly string[]) =>
  texts.map((text) => [text, faultOf(grammar, { [memberOf(grammar, member)]: text })]);

const actions: readonly [PolicyGrammar, taken: readonly string[], refused: readonly string[]][] = [
  [
    iam,
    ['*', '*:*', 's3:*', 's3:Get?bject*', 'access-analyzer:A1'],
    ['s3', ':Get', 's3:', '*:Get', 's3:Get/x', 's3:a:b'],
  ],
  [ram, ['*', 'oss:*', 'oss:Get?bject*', 'a-b:c_d:e-f'], ['oss', ':Get', 'oss:', 'o_s:Get', 'oss:Get/x']],
  [
    volcengine,
    ['*', 'tos:*', 'tos:Get?bject*', 'a-b_1:c-d_2'],
    ['tos', ':Get', 'tos:', 't*s:Get', 'tos:Get/x', 'tos:a:b'],
  ],
  [
    huawei,
    ['*', 'obs:*:*', 'o*s-1:bucket?:get-x*', 'obs:object:getObject'],
    ['obs', 'obs:object', ':object:get', 'obs::get', 'obs:object:', 'o?s:object:get', 'obs:a:b:c'],
  ],
  [ucloud, ['*', 'us3:*', 'us3:Get?ile*', 'a-b:c-1'], ['us3', ':Get', 'us3:', 'u*3:Get', 'us3:Get_x', 'us3:a:b']],
  [
    cam,
    ['*', 'name/*', 'cos:*', 'name/cos:Get?bject*', 'a-b_1:c/d.e-f', 'permid/12', 'permit/a*:b-c', 'actionName/x'],
    ['cos', ':Get', 'cos:', 'c*s:Get', 'cos:a:b', 'names/cos:Get', 'permid/', 'permid/a b', 'permid', 'other/x'],
  ],
];

const resources: readonly [PolicyGrammar, taken: readonly string[], refused: readonly string[]][] = [
  [
    iam,
    [
      '*',
      'arn:aws:s3:::b/*',
      'urn:ecs:iam::ns1:role/demo',
      'arn:aws:logs:eu-west-1:123456789012:log-group:a\nb c',
      'arn::s3:::b',
      'arn:aws:logs:*',
      'arn:aws:logs:eu-*',
      'arn:aws:logs:eu-west-1:*',
      'arn:aws:logs:eu-west-1:1234*',
    ],
    [
      '**',
      'arn:aws:s3',
      'arn:aws:logs:eu-west-1',
      'arn:aws:logs:eu-west-1:group',
      'arn:aws:logs:eu-west-1:123456789012:',
      'arn:aws:logs:eu-west-1:123456789012: a',
      'arn:aws:s3:eu west:1:b',
      'arn:aws:s3:e:1 2:b',
      'arn:aws:s*:::b',
      'arn:aws:s?:::b',
      'arn:a b:s3:::b',
      'brn:aws:s3:::b',
      'arn:aws:logs:* x',
      'arn:aws:logs:a b*',
    ],
  ],
  [
    ram,
    ['*', 'acs:oss:*:*:b/*', 'acs:oss:cn-hangzhou:1234567890123456:b/x\ny:z', 'acs::::x'],
    [
      '**',
      'acs:oss:a:1',
      'acs:oss:a:1:',
      'acs:oss:a:1: b',
      'acs:o s:a:1:b',
      'acs:oss:a b:1:c',
      'acs:oss:a:1 2:b',
      'arn:oss:a:1:b',
    ],
  ],
  [
    volcengine,
    ['*', 'trn:tos:::b/*', 'trn:tos:cn-beijing:2100000001:b/x\ny:z', 'trn::::x'],
    [
      '**',
      'trn:tos:a:1',
      'trn:tos:a:1:',
      'trn:tos:a:1: b',
      'trn:t s:a:1:b',
      'trn:tos:a b:1:c',
      'trn:tos:a:1 2:b',
      'arn:tos:a:1:b',
    ],
  ],
  [
    huawei,
    ['*', 'obs:*:*:object:b/*', 'o*s-1:eu-west-0:d0123:bucket:b/x\ny:z', '::::x'],
    [
      '**',
      'obs:a:1:object',
      'obs:a:1:object:',
      'obs:a:1:object: b',
      'o.s:a:1:b:c',
      'obs:a b:1:b:c',
      'obs:a:1 2:b:c',
      'obs:a:1:b c:d',
      'x obs:a:1:b:c',
    ],
  ],
  [
    ucloud,
    ['*', 'ucs:uhost:*:123:instance/x', 'ucs:iam:cn-bj2:123456:role/x\ny:z', 'ucs::::x'],
    [
      '**',
      'ucs:iam:a:1',
      'ucs:iam:a:1:',
      'ucs:iam:a:1: b',
      'ucs:i m:a:1:b',
      'ucs:iam:a b:1:c',
      'ucs:iam:a:1 2:b',
      'arn:iam:a:1:b',
    ],
  ],
  [
    cam,
    ['*', 'qcs::cos:ap-guangzhou:uid/1250000000:b/*', 'qcs:id:cam:gz:uin/100:roleName/x\ny:z', 'qcs:::::x'],
    [
      '**',
      'qcs::cos:a:1',
      'qcs::cos:a:1:',
      'qcs::cos:a:1: b',
      'qcs:a b:cos:a:1:b',
      'qcs::c s:a:1:b',
      'qcs::cos:a b:1:c',
      'qcs::cos:a:1 2:b',
      'arn::cos:a:1:b',
    ],
  ],
];

/** What is of no form, for what stands before it or behind it. */
const embedded = (texts: readonly string[]): readonly string[] => texts.flatMap((text) => [`x ${text}`, `${text} x`]);

describe.each(actions.map(([grammar, ...texts]) => [grammar.name, grammar, ...texts] as const))(
  'an action of %s',
  (_name, grammar, taken, refused) => {
    it('may be written so', () => {
      expect(forms(grammar, 'Action', taken)).toEqual(taken.map((text) => [text, undefined]));
    });

    it('may not be written so', () => {
      const all = [...refused, ...embedded(taken), '', ' '];
      expect(forms(grammar, 'Action', all)).toEqual(all.map((text) => [text, 'element']));
    });
  },
);

describe.each(resources.map(([grammar, ...texts]) => [grammar.name, grammar, ...texts] as const))(
  'a resource of %s',
  (_name, grammar, taken, refused) => {
    it('may be written so', () => {
      expect(forms(grammar, 'Resource', taken)).toEqual(taken.map((text) => [text, undefined]));
    });

    it('may not be written so', () => {
      const all = [...refused, '', ' ', 'x *', '* x', ...taken.slice(1).map((text) => `x ${text}`)];
      expect(forms(grammar, 'Resource', all)).toEqual(all.map((text) => [text, 'resource']));
    });
  },
);

it('the grammars are known by their own names', () => {
  expect(Object.entries(grammars).map(([name, grammar]) => [name, grammar.name])).toEqual(
    ['cam', 'huawei', 'iam', 'ram', 'ucloud', 'volcengine'].map((name) => [name, name]),
  );
});

it.each([
  ['iam', iam, 'arn:aws:iam::1:role/'],
  ['ram', ram, 'acs:ram:*:1:role/'],
  ['volcengine', volcengine, 'trn:iam::1:role/'],
  ['huawei', huawei, 'iam::d1:agency:'],
  ['ucloud', ucloud, 'ucs:iam::1:role/'],
  ['cam', cam, 'qcs::cam::uin/1:roleName/'],
])(
  'a resource of %s with a variable is nothing if it is given, and everything if it is denied',
  (_name, grammar, role) => {
    const read = (allows: boolean, text: string) => {
      const [allow, deny] = grammar === cam ? ['allow', 'deny'] : ['Allow', 'Deny'];
      const effect = (allows ? allow : deny) ?? '';
      return readWith(grammar, { [memberOf(grammar, 'Effect')]: effect, [memberOf(grammar, 'Resource')]: text });
    };
    const [named, plain] = [`${role}\${name}`, `${role}$name`];
    expect(read(true, named)).toMatchObject({ statements: [{ effect: 'allow', resources: [named] }] });
    expect(read(false, named)).toMatchObject({ statements: [{ effect: 'deny', resources: ['*'] }] });
    expect(read(false, plain)).toMatchObject({ statements: [{ effect: 'deny', resources: [plain] }] });
  },
);
