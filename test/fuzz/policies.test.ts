import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PolicyGrammar } from '../../lib/core/policy.ts';
import { camGrammar } from '../../lib/policies/cam.ts';
import { iamGrammar } from '../../lib/policies/iam.ts';
import { permits } from '../../lib/policies/permits.ts';
import { ucloudGrammar } from '../../lib/policies/ucloud.ts';
import { bounds, unhurried } from './bounds.ts';

// Policies are judged a second time, from the vendors' rules and by other means: regular expressions over the document
// itself. `permits` may refuse what this allows, as it takes conditions at their worst; it never allows what this denies.

type Document = Readonly<Record<string, unknown>>;

const listOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value : [value]).map(String);
const expression = (pattern: string, flags: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[\\^$.+()[\]{}|/-]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    `s${flags}`,
  );
const anyOf = (patterns: unknown, text: string, flags = ''): boolean =>
  listOf(patterns).some((pattern) => expression(pattern, flags).test(text));

/** Whether a statement is about the request; conditions are met or not, as they are chosen. */
const isAbout = (one: Document, action: string, resource: string, met: boolean): boolean => {
  const get = (name: string): unknown => one[name] ?? one[name.toLowerCase()];
  const plain = (text: unknown): string[] => listOf(text).map((each) => each.replace(/^name\//, ''));
  const actions =
    get('Action') === undefined ? !anyOf(get('NotAction'), action, 'i') : anyOf(plain(get('Action')), action, 'i');
  const resources =
    get('Resource') === undefined ? !anyOf(get('NotResource'), resource) : anyOf(get('Resource'), resource);
  return actions && resources && (get('Condition') === undefined || met);
};

const allows = (document: Document, action: string, resource: string, met: boolean): boolean => {
  const statements = document['Statement'] ?? document['statement'];
  const list = (Array.isArray(statements) ? statements : [statements]) as readonly Document[];
  const about = list.filter((one) => isAbout(one, action, resource, met));
  const effects = about.map((one) => String(one['Effect'] ?? one['effect']).toLowerCase());
  return effects.includes('allow') && !effects.includes('deny');
};

const actions = fc.constantFrom(
  'sts:AssumeRole',
  'sts:assumerole',
  'sts:Assume*',
  'sts:*',
  '*',
  'sts:?ssumeRole',
  's3:Get*',
  's3:GetObject',
);
const oneOrMore = <T>(one: fc.Arbitrary<T>) => fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 3 }));
const names = { iam: 'arn:aws:iam::1:role', cam: 'qcs::cam:a:uin/1:roleName', ucloud: 'ucs:iam:a:1:role' } as const;
const resources = (prefix: string) =>
  fc.constantFrom(
    '*',
    `${prefix}/demo`,
    `${prefix}/*`,
    `${prefix}/d?mo`,
    `${prefix}/admin`,
    `${prefix}*`,
    `${prefix}/demo.`,
    `${prefix}/(demo)`,
  );
const conditions = fc.option(fc.constant({ StringEquals: { a: 'b' } }), { nil: undefined, freq: 4 });
const defined = (statement: object): object =>
  Object.fromEntries(Object.entries(statement).filter(([, value]) => value !== undefined));

const iam = fc
  .tuple(
    fc.constantFrom('Allow', 'Deny'),
    fc.boolean(),
    oneOrMore(actions),
    fc.boolean(),
    oneOrMore(resources(names.iam)),
    conditions,
  )
  .map(([Effect, exceptActions, action, exceptResources, resource, Condition]) =>
    defined({
      Effect,
      [exceptActions ? 'NotAction' : 'Action']: action,
      [exceptResources ? 'NotResource' : 'Resource']: resource,
      Condition,
    }),
  );
const cam = fc
  .tuple(
    fc.constantFrom('allow', 'deny'),
    oneOrMore(
      fc.oneof(
        actions,
        actions.filter((one) => one !== '*').map((one) => `name/${one}`),
      ),
    ),
    oneOrMore(resources(names.cam)),
    conditions,
  )
  .map(([effect, action, resource, condition]) => defined({ effect, action, resource, condition }));
const ucloud = fc
  .tuple(fc.constantFrom('Allow', 'Deny'), oneOrMore(actions), oneOrMore(resources(names.ucloud)))
  .map(([Effect, Action, Resource]) => ({ Effect, Action, Resource }));

const grammars: readonly (readonly [PolicyGrammar, string, fc.Arbitrary<Document>])[] = [
  [
    iamGrammar,
    names.iam,
    fc.array(iam, { minLength: 1, maxLength: 4 }).map((Statement) => ({ Version: '2012-10-17', Statement })),
  ],
  [
    camGrammar,
    names.cam,
    fc.array(cam, { minLength: 1, maxLength: 4 }).map((statement) => ({ version: '2.0', statement })),
  ],
  [
    ucloudGrammar,
    names.ucloud,
    fc.array(ucloud, { minLength: 1, maxLength: 4 }).map((Statement) => ({ Version: '1', Statement })),
  ],
];

describe.each(grammars.map(([grammar, ...rest]) => [grammar.name, grammar, ...rest] as const))(
  'a policy of %s',
  (_name, grammar, prefix, documents) => {
    it('never permits what the vendor’s rules deny, and permits what they allow without a condition', unhurried, () => {
      let permitted = 0;
      fc.assert(
        fc.property(
          fc.array(documents, { minLength: 1, maxLength: 2 }),
          fc.constantFrom('sts:AssumeRole', 's3:GetObject', 'sts:GetFederationToken'),
          fc.constantFrom(`${prefix}/demo`, `${prefix}/admin`, `${prefix}/demox`, `${prefix}s/demo`),
          (all, action, resource) => {
            const readings = all.map((document) => grammar.read(JSON.stringify(document)));
            const policies = readings.map((one) => ('statements' in one ? one.statements : expect.fail(one.why)));
            const judged = permits(policies, action, resource);
            const theirs = [true, false].map((met) => all.every((one) => allows(one, action, resource, met)));
            if (judged) {
              permitted++;
              expect(theirs).toEqual([true, true]);
            } else if (!JSON.stringify(all).toLowerCase().includes('"condition"'))
              expect(theirs).toEqual([false, false]);
          },
        ),
        bounds,
      );
      expect(permitted).toBeGreaterThan(100);
    });
  },
);
