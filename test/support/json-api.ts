import type { LaptopApp } from './app.ts';

/** An answer of the JSON API, its body read. */
export interface Heard {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes
  readonly body: any;
}

export const hear = async (response: Response): Promise<Heard> => {
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  return { status: response.status, headers: response.headers, text, body };
};

/** Posts JSON with the token of the local issuer. */
export const post = async (app: LaptopApp, target: string, body: unknown, headers: object = {}): Promise<Heard> =>
  hear(
    await fetch(`${app.url}${target}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${app.access.token}`, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  );

/** What mints at the account of that name. */
export const assume = (app: LaptopApp, account = 'aws', more: object = {}) => ({
  account,
  roleArn: app.access.roles[account],
  roleSessionName: 'me',
  ...more,
});
