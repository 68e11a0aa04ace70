/** The endpoints. `sts` and `iam` answer the same operations and spell some parameters differently. */
export type Endpoint = 'sts' | 'iam' | 'login' | 'logout' | 'whoami';

const places: ReadonlyMap<string, Endpoint> = new Map([
  ['/sts', 'sts'],
  ['/iam', 'iam'],
  ['/login', 'login'],
  ['/logout', 'logout'],
  ['/user/whoami', 'whoami'],
]);

/**
 * Returns the endpoint of a path, and undefined if it is not one. ObjectScale puts `/mgmt` before each of them, and AWS's
 * SDKs a slash behind.
 */
export const endpointOf = (path: string): Endpoint | undefined =>
  places.get(path.replace(/^\/mgmt(?=\/)/, '').replace(/(?<=.)\/$/, ''));

/** The path of another place on the same system: beside `/mgmt/sts` stands `/mgmt/login`. */
export const beside = (path: string, place: 'login' | 'user/whoami'): string =>
  `${path.replace(/\/(sts|iam)?\/?$/, '')}/${place}`;
