import { StsError } from '../core/errors.ts';

/** The actions of an API that has one version. */
interface Api<Action extends string> {
  readonly version: string;
  /** Those that are spoken here, by name. */
  readonly actions: Readonly<Record<Action, unknown>>;
  /** Those that the API has and this server has not. */
  readonly elsewhere: ReadonlySet<string>;
}

/** The action that a request names, or an StsError that says why there is none. */
export const namedAction = <Action extends string>(
  api: Api<Action>,
  action: string | undefined,
  version: string | undefined,
): Action => {
  const about = { parameter: 'Action' };
  if (!action) throw new StsError('MissingOperation', undefined, about);
  if (!version) throw new StsError('MissingParameter', 'Version is missing.', { parameter: 'Version' });
  if (version !== api.version) {
    throw new StsError('UnsupportedVersion', `The Version must be ${api.version}.`, { parameter: 'Version' });
  }
  if (Object.hasOwn(api.actions, action)) return action as Action;
  throw api.elsewhere.has(action)
    ? new StsError('UnsupportedOperation', 'This server does not have this Action.', about)
    : new StsError('UnknownOperation', undefined, about);
};
