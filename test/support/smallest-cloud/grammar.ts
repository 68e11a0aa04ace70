import type { PolicyGrammar } from '../../../lib/core/policy.ts';
import { element, readDocument, strings, syntax, unknownMember } from '../../../lib/policies/document.ts';
import { member } from '../../../lib/wire/json.ts';

/** Acme's policies: `{"allow": [{"do": "blob:Get", "on": "*"}]}`. */
export const acmeGrammar: PolicyGrammar = {
  name: 'acme',
  read: (text) =>
    readDocument(text, {
      elements: new Set(['allow']),
      statements: 'allow',
      fault: () => undefined,
      statement: (item) => {
        if (unknownMember(item, new Set(['do', 'on'])) !== undefined) return syntax('A rule has do and on alone.');
        const [actions, resources] = [strings(member(item, 'do')), strings(member(item, 'on'))];
        if (actions === undefined || resources === undefined) return element('A rule must have do and on.');
        return {
          effect: 'allow',
          actions,
          exceptActions: false,
          resources,
          exceptResources: false,
          conditional: false,
        };
      },
    }),
  example: { allow: [{ do: 'blob:Get', on: '*' }] },
};
