import type { WrittenConfig } from '../config/schema.ts';

type WrittenCaller = WrittenConfig['callers'][string];

const claimsInWords = (claims: Readonly<Record<string, readonly string[]>>): string =>
  Object.entries(claims)
    .map(([name, values]) => ` and ${name} ${values.join(' or ')}`)
    .join('');

const waysOf = ({ accessKey, jwt, certificate, authorizer }: WrittenCaller): readonly string[] => [
  ...[accessKey ?? []].flat().map(({ id, disabled }) => `the access key ${id}${disabled ? ' (disabled)' : ''}`),
  ...(jwt === undefined
    ? []
    : [
        `a token of ${jwt.issuer ?? jwt.preset} for the audience ${jwt.audience.join(' or ')}` +
          `${claimsInWords(jwt.claims)}${jwt.mode === 'audit' ? ' (claims are recorded and not enforced)' : ''}`,
      ]),
  ...(certificate === undefined
    ? []
    : [
        `a client certificate with ${[certificate.spiffe, certificate.dns, certificate.subject].flat().filter(Boolean).join(' or ')}` +
          `${certificate.issuer === undefined ? '' : ` from ${certificate.issuer}`}`,
      ]),
  ...(authorizer === undefined
    ? []
    : [`the ${authorizer.kind} authorizer of the gateway ${authorizer.gateway.id}${claimsInWords(authorizer.claims)}`]),
];

/** How a caller is proven, in a sentence. */
export const describeCaller = (name: string, caller: WrittenCaller): string => {
  const ways = waysOf(caller);
  return ways.length === 0 ? `${name} has no proof, so it is nobody` : `${name} is whoever has ${ways.join(', or ')}`;
};
