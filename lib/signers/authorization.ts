import type { HttpRequest } from '../core/http.ts';

/**
 * What the named groups of a form have of the Authorization of a request; undefined if it is of another form. `Parts` has
 * the names of the groups; those of an alternative that was not taken are absent.
 */
export const authorizationParts = <Parts>({ headers }: Pick<HttpRequest, 'headers'>, form: RegExp): Parts | undefined =>
  form.exec((headers['authorization'] ?? '').trim())?.groups as Parts | undefined;
