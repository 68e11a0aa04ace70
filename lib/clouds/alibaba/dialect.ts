import type { Proof } from '../../core/caller.ts';
import type { Dialect, DialectContext } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { TokenRequest } from '../../core/requests.ts';
import { Secret } from '../../core/secret.ts';
import { acs3Proof, acsRpcProof } from '../../signers/acs-proof.ts';
import { offersAcs3 } from '../../signers/acs3.ts';
import { reader } from '../reader.ts';
import { signedPlaces } from '../signed-hosts.ts';
import { isAlibaba, type Said, saidBy } from './arguments.ts';
import { actions, maxPolicyCharacters, rules, seconds } from './limits.ts';
import { render, renderError } from './render.ts';

/** Alibaba Cloud STS, as its SDKs speak it. https://api.aliyun.com/product/Sts */
export const dialect: Dialect = {
  id: 'alibaba',
  recognizes: isAlibaba,
  parse: (context) => {
    const said = saidBy(context.request);
    const request = requestOf(said);
    return { request, proof: proofOf(context, said, request) };
  },
  render,
  renderError,
};

const requestOf = ({ action, own }: Said): TokenRequest => {
  const read = reader(own);
  const operation = actions[action];
  if (operation === 'GetCallerIdentity') return { operation };
  const role = read.required('RoleArn', rules.roleArn);
  const sessionName = read.required('RoleSessionName', rules.roleSessionName);
  const narrowed = {
    ...read.lifetime('DurationSeconds', seconds[operation]),
    ...omitUndefined({ policy: read.policy('Policy', maxPolicyCharacters) }),
  };
  if (operation === 'AssumeRoleWithWebIdentity') {
    return {
      operation,
      role,
      sessionName,
      ...narrowed,
      webIdentityToken: new Secret(read.token('OIDCToken', rules.oidcToken)),
      providerId: read.required('OIDCProviderArn', rules.providerArn),
    };
  }
  return {
    operation,
    role,
    sessionName,
    ...narrowed,
    ...omitUndefined<Partial<TokenRequest<'AssumeRole'>>>({
      externalId: read.narrowing('ExternalId', rules.externalId),
      sourceIdentity: read.narrowing('SourceIdentity', rules.sourceIdentity),
    }),
  };
};

/** An identity token is its own proof; a signature beside it is not looked at. */
const proofOf = (context: DialectContext, { params }: Said, asked: TokenRequest): Proof => {
  const { request } = context;
  if (asked.operation === 'AssumeRoleWithWebIdentity') return { kind: 'jwt', token: asked.webIdentityToken };
  if (!offersAcs3(request)) return acsRpcProof({ method: request.method, params });
  if (params.has('Signature')) throw new StsError('MalformedAuthorization', 'The request offers two signatures.');
  return acs3Proof(request, signedPlaces(context));
};
