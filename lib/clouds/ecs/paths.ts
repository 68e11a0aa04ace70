/** What is served where. `sts` and `iam` answer the same operations and spell some parameters differently. */
export type Endpoint = 'sts' | 'iam' | 'login' | 'logout' | 'whoami';

const places: ReadonlyMap<string, Endpoint> = new Map([
  ['/sts', 'sts'],
  ['/iam', 'iam'],
  ['/login', 'login'],
  ['/logout', 'logout'],
  ['/user/whoami', 'whoami'],
]);

/**
 * Which place a path is: ObjectScale puts `/mgmt` before them all, and AWS's SDKs a slash behind. `undefined` where it
 * is none.
 */
export const endpointOf = (path: string): Endpoint | undefined =>
  places.get(path.replace(/^\/mgmt(?=\/)/, '').replace(/(?<=.)\/$/, ''));

/** The path of another place on the same system: beside `/mgmt/sts` stands `/mgmt/login`. */
export const beside = (path: string, place: 'login' | 'user/whoami'): string =>
  `${path.replace(/\/(sts|iam)?\/?$/, '')}/${place}`;
