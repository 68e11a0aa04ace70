import { StsError } from '../core/errors.ts';
import type { Params } from '../wire/query.ts';

/**
 * Names of what makes a request ask for less, in lower-case letters and without what joins words: of OAuth (RFC 8693, 2.1;
 * RFC 9396), of Google's token exchange (`options`), and of the clouds' own operations, however any of them spells it.
 */
const narrowing =
  /^(scopes?|authorizationdetails|options|((sts)?inline)?(session)?polic(y|ies|yarns|yids)|stspolicyarns|tags?|transitivetagkeys|providedcontexts?|externalid|sourceidentity|serialnumber|tokencode|(sts|session|token)?(duration|lifetime|expiresin)(seconds)?)$/;

/**
 * Refuses a parameter that would make the request ask for less, and that its operation does not know: to pass over it would
 * give more than was asked. Other parameters that are unknown take nothing away.
 */
export const refuseNarrowing = (params: Params, isKnown: (name: string, value: string) => boolean): void => {
  for (const [name, value] of params) {
    const [parameter = ''] = name.split(/[.[]/, 1);
    if (isKnown(name, value) || !narrowing.test(parameter.replace(/[_-]/g, '').toLowerCase())) continue;
    throw new StsError('UnknownParameter', `There is no ${parameter} here.`, { parameter });
  }
};
