import type { HttpRequest } from '../../core/http.ts';
import { offersAcs3 } from '../../signers/acs3.ts';
import type { Params } from '../../wire/query.ts';
import { namedAction } from '../named-action.ts';
import { peekForm, peekQuery, queryAndForm, refuseUnknown } from '../parameters.ts';
import { type Action, actions, commonParameters, elsewhere, parameters, version } from './limits.ts';

/** What a request says, read from wherever its style puts it. */
export interface Said {
  readonly action: Action;
  /** Every parameter: of the RPC style, what is signed. */
  readonly params: Params;
  /** The operation's own. */
  readonly own: Params;
}

/**
 * Whether the action is among the headers. The RPC clients send those headers too, beside parameters that say the same,
 * so they mean ACS3 only if no parameter names an action.
 */
const saysInHeaders = (request: HttpRequest): boolean =>
  offersAcs3(request) ||
  (request.headers['x-acs-action'] !== undefined &&
    !peekQuery(request).has('Action') &&
    !peekForm(request).has('Action'));

/** Whether the request is Alibaba's, by its shape. */
export const isAlibaba = (request: HttpRequest): boolean =>
  offersAcs3(request) ||
  request.headers['x-acs-action'] !== undefined ||
  [peekQuery(request), peekForm(request)].some(
    (params) => params.get('Version') === version || (params.has('AccessKeyId') && params.has('SignatureNonce')),
  );

/** What is asked and with which parameters, or an StsError that says why that cannot be read. */
export const saidBy = (request: HttpRequest): Said => {
  const params = queryAndForm(request, false);
  if (saysInHeaders(request)) {
    const action = namedAction(api, request.headers['x-acs-action'], request.headers['x-acs-version']);
    return { action, params, own: ownParameters(params, action, inHeaders) };
  }
  const action = namedAction(api, params.get('Action'), params.get('Version'));
  return { action, params, own: ownParameters(params, action, commonParameters) };
};

/** What a request that says its action in headers may still say among its parameters. */
const inHeaders: ReadonlySet<string> = new Set(['Format', 'RegionId']);

const api = { version, actions, elsewhere };

const ownParameters = (params: Params, action: Action, common: ReadonlySet<string>): Params => {
  const own = new Map([...params].filter(([name]) => !common.has(name)));
  refuseUnknown(own.keys(), (name) => parameters[action].has(name));
  return own;
};
