import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BuiltPage } from '../../lib/console/built-page.ts';
import { consolePaths } from '../../lib/console/console-paths.ts';
import type { PageView } from '../../lib/console/view.ts';
import { buildPage } from '../support/console/built.ts';
import { role, type ServedPage, secrets, servePage, usualGrants } from '../support/console/served.ts';

const json = { accept: 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };

let page: BuiltPage;
let served: ServedPage;
beforeAll(async () => {
  page = await buildPage();
  served = await servePage(page);
}, 60_000);
afterAll(() => served.close());

/** The view of a path, as the page itself asks for it. */
const view = async <Name extends PageView['page']>(
  path: string,
  _name: Name,
  from = served,
): Promise<Extract<PageView, { readonly page: Name }>> => {
  const response = await from.send(path, { cookie: await from.session(), headers: json });
  return (await response.json()) as Extract<PageView, { readonly page: Name }>;
};

/** The first events of the stream, until the text is in them; `begun` is called when the first have come. */
const stream = async (
  from: ServedPage,
  cookie: string,
  until: string,
  begun: () => unknown = () => undefined,
): Promise<string> => {
  const response = await from.send('/console/live', { cookie });
  let told = '';
  const decoder = new TextDecoder();
  for await (const piece of response.body ?? []) {
    if (told === '') await begun();
    told += decoder.decode(piece, { stream: true });
    if (told.includes(until)) break;
  }
  return told;
};

describe('the page of a server', () => {
  it.each(consolePaths)('gives a stranger nothing: %s', async (path) => {
    for (const method of ['GET', 'HEAD', 'POST']) {
      const response = await served.send(path, { method, headers: json });
      expect([401, 405]).toContain(response.status);
      expect(response.headers.get('set-cookie')).toBe(null);
      expect(await response.text()).not.toMatch(/deploy|watch|aws|viewer|ops/);
    }
  });

  it('is not there at all if no grant has the operation', async () => {
    const bare = await servePage(page, { grants: usualGrants.slice(0, 1) });
    try {
      for (const path of consolePaths) {
        const [here, nowhere] = [await bare.send(path, { as: 'ops' }), await bare.send('/nowhere', { as: 'ops' })];
        expect(here.status).toBe(nowhere.status);
        const [one, other] = [await here.text(), await nowhere.text()];
        expect(one.replace(/[\da-f-]{36}/, '')).toBe(other.replace(/[\da-f-]{36}/, ''));
      }
    } finally {
      await bare.close();
    }
  });

  it('refuses a caller that no grant admits, and says why by the grants', async () => {
    const response = await served.send('/console', { as: 'ci' });
    expect(response.status).toBe(403);
    expect(await response.text()).toMatch(/No grant of this caller/);
  });

  it('admits whom a grant admits by the proof itself, and begins a session', async () => {
    const response = await served.send('/console', { as: 'ops' });
    expect(response.status).toBe(200);
    expect(response.headers.get('set-cookie')).toMatch(
      /^credmint_console=[\w-]{43}; Path=\/console; Max-Age=3\d{3}; HttpOnly; SameSite=Strict$/,
    );
  });

  it('says Secure of the cookie, and https of the link, wherever the browser speaks TLS', async () => {
    const host = 'credmint.example.com';
    const link = await served.send('/console/link', { as: 'ops', method: 'POST', host });
    expect(await link.text()).toMatch(/^https:\/\/credmint\.example\.com\/console\?code=[\w-]{43}\n$/);
    const entered = await served.send('/console', { as: 'ops', host });
    expect(entered.headers.get('set-cookie')).toMatch(/; Secure$/);
  });

  it('takes a link once', async () => {
    const link = (await served.link()).slice(served.url.length);
    expect((await served.send(link)).status).toBe(200);
    const again = await served.send(link);
    expect(again.status).toBe(401);
    expect(await again.text()).toMatch(/used already, or is over/);
  });

  it('keeps a link for who opens it when something looks ahead by HEAD', async () => {
    const link = (await served.link()).slice(served.url.length);
    await served.send(link, { method: 'HEAD' });
    expect((await served.send(link)).status).toBe(200);
  });

  it('takes a link for five minutes, and ends a session after an hour', async () => {
    const aging = await servePage(page);
    try {
      const link = (await aging.link()).slice(aging.url.length);
      const cookie = await aging.session();
      aging.skewMs = 301_000;
      expect((await aging.send(link)).status).toBe(401);
      expect((await aging.send('/console', { cookie })).status).toBe(200);
      aging.skewMs = 3_601_000;
      expect((await aging.send('/console', { cookie })).status).toBe(401);
    } finally {
      await aging.close();
    }
  });

  it('ends streams, sessions and links of a caller who would have to be proven otherwise now', async () => {
    const changing = await servePage(page);
    try {
      const [cookie, link] = [await changing.session(), (await changing.link()).slice(changing.url.length)];
      const callers = {
        ci: { accessKey: { id: 'AKIDCI', secret: 'env:ci' } },
        ops: { accessKey: { id: 'AKIDOPS', secret: 'env:ops', disabled: true } },
      };
      const told = await stream(changing, cookie, 'event: over', () => changing.reload({ callers }));
      expect(told).toMatch(/event: now[\s\S]*event: over/);
      expect((await changing.send('/console', { cookie })).status).toBe(401);
      expect((await changing.send(link)).status).toBe(401);
    } finally {
      await changing.close();
    }
  });

  it.each([
    ['with a page', usualGrants],
    ['without a page', usualGrants.slice(0, 1)],
  ])('takes part in the limit of requests: a server %s', async (_, grants) => {
    const full = await servePage(page, { grants, server: { maxRequests: 1, noticeSeconds: 0, drainSeconds: 5 } });
    try {
      full.cloud.holding = true;
      const minting = full.mint('one');
      await full.cloud.came(1);
      for (const path of ['/console', '/console/console.js']) {
        expect((await full.send(path, { as: 'ops' })).status).toBe(503);
      }
      full.cloud.release();
      expect((await minting).status).toBe(200);
    } finally {
      await full.close();
    }
  });

  it('believes neither of two cookies of its name', async () => {
    const cookie = await served.session();
    expect((await served.send('/console', { cookie: `${cookie}; ${cookie}` })).status).toBe(401);
  });

  it('ends streams and sessions when a new configuration admits their viewer no more', async () => {
    const changing = await servePage(page);
    try {
      const cookie = await changing.session();
      const others = usualGrants.map((grant, at) => (at === 1 ? { ...grant, callers: ['ci'] } : grant));
      const told = await stream(changing, cookie, 'event: over', () => changing.reload({ grants: others }));
      expect(told).toMatch(/event: now[\s\S]*event: over/);
      expect((await changing.send('/console', { cookie })).status).toBe(403);
    } finally {
      await changing.close();
    }
  });

  it('lets no other page of the browser ask', async () => {
    const cookie = await served.session();
    const from = (site: string, more = {}) =>
      served.send('/console', { cookie, headers: { 'sec-fetch-site': site, ...more } });
    expect((await from('cross-site')).status).toBe(403);
    expect((await from('same-site')).status).toBe(403);
    expect((await from('same-origin')).status).toBe(200);
    expect((await from('cross-site', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' })).status).toBe(403);
    const visit = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect((await served.send('/console', { cookie, headers: visit })).status).toBe(200);
    // A form of another page, which a certificate of the browser would prove.
    for (const path of ['/console/access', '/console/link']) {
      const sent = { as: 'ops', method: 'POST', headers: { ...visit, ...form } } as const;
      expect((await served.send(path, sent)).status).toBe(403);
    }
  });

  it('forbids framing, foreign and inline scripts in every answer', async () => {
    const cookie = await served.session();
    for (const path of consolePaths.filter((one) => !one.endsWith('/link') && !one.endsWith('/live'))) {
      const { headers } = await served.send(path, { cookie });
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'; require-trusted-types-for 'script'/,
      );
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    }
  });

  it('is on record: who looked, by which grant', async () => {
    await served.session();
    const { decisions } = await view('/console/decisions?text=observe', 'decisions');
    expect(decisions[0]).toMatchObject({ caller: 'ops', operation: 'Observe', grant: 'watch', outcome: 'Done' });
    expect(readFileSync(served.auditPath, 'utf8')).toContain('"credmint.operation":"Observe"');
  });

  it('is on record if only the audit mode of the grant admits', async () => {
    const lenient = { name: 'watch', callers: ['ops'], account: 'console', operations: ['Observe'], mode: 'audit' };
    const observing = await servePage(page, {
      grants: [usualGrants[0], { ...lenient, sourceIps: ['192.0.2.0/24'] }],
    });
    try {
      const { decisions } = await view('/console/decisions?text=observe', 'decisions', observing);
      expect(decisions[0]).toMatchObject({
        outcome: 'Done',
        why: [expect.stringContaining('Would be refused but for audit mode: watch: sourceIps')],
      });
    } finally {
      await observing.close();
    }
  });

  it('shows a mint, what was kept, and a denial with why', async () => {
    const minting = await servePage(page);
    try {
      await minting.mint('one');
      await minting.mint('one');
      await minting.mint('one', `${role}-of-another`);
      const { decisions } = await view('/console/decisions', 'decisions', minting);
      expect(decisions.slice(0, 8).map(({ ending }) => ending)).toEqual(
        expect.arrayContaining(['minted', 'kept', 'refused']),
      );
      expect(decisions.find(({ ending }) => ending === 'refused')?.why).toEqual([
        'No grant of this caller allows this role.',
        expect.stringContaining(`deploy: roles should be ${role}; there was another text`),
      ]);
      const { now } = await view('/console', 'now', minting);
      const counted = now.minutes.flatMap(({ accounts: { aws } }) => aws ?? []);
      expect(counted.reduce((sum, { minted }) => sum + minted, 0)).toBe(1);
      expect(counted.reduce((sum, { kept }) => sum + kept, 0)).toBe(1);
      expect(now.accounts).toMatchObject([{ name: 'aws', ceilingPerSecond: 100_000, circuitIsOpen: false }]);
      expect(now).toMatchObject({ store: { kind: 'memory', isUp: true }, audit: { sink: 'file', takesRecords: true } });
    } finally {
      await minting.close();
    }
  });

  it('filters decisions by words and by outcome', async () => {
    await served.mint('filtered', `${role}-filtered`);
    const { decisions } = await view(
      '/console/decisions?text=ROLE%2Fdemo-filtered%20deploy&ending=refused',
      'decisions',
    );
    expect(decisions.length).toBeGreaterThan(0);
    expect(new Set(decisions.map(({ target }) => target))).toEqual(new Set([`${role}-filtered`]));
    expect((await view('/console/decisions?text=demo-filtered&ending=minted', 'decisions')).decisions).toEqual([]);
    const { filter } = await view(`/console/decisions?text=${'a+'.repeat(5_000)}`, 'decisions');
    expect(filter.text).toHaveLength(256);
  });

  it('says where a record stands in the log, and that the log is whole', async () => {
    await served.mint('recorded');
    const { decisions } = await view('/console/decisions?ending=minted', 'decisions');
    const { decision, log } = await view(`/console/record?id=${decisions[0]?.requestId}`, 'record');
    expect(decision).toMatchObject({ grant: 'deploy', target: role });
    expect(decision?.facts).toContainEqual({ name: 'Session name, asked', value: 'recorded' });
    expect(log).toMatchObject({ kind: 'found', isWhole: true, isProven: false });
  });

  it('says that a log which was tampered with is not whole', async () => {
    const tampered = await servePage(page);
    try {
      await tampered.mint('one');
      await tampered.mint('two');
      const { decisions } = await view('/console/decisions?ending=minted', 'decisions', tampered);
      writeFileSync(tampered.auditPath, readFileSync(tampered.auditPath, 'utf8').replace('"one"', '"0ne"'));
      const { log } = await view(`/console/record?id=${decisions[0]?.requestId}`, 'record', tampered);
      expect(log).toMatchObject({ kind: 'found', isWhole: false, fault: expect.stringContaining('was changed') });
    } finally {
      await tampered.close();
    }
  });

  it('answers what would happen, and who else can have it by the shortest request', async () => {
    const shared = await servePage(page, {
      callers: {
        ops: { accessKey: { id: 'AKIDOPS', secret: 'env:ops' } },
        ci: { accessKey: { id: 'AKIDCI', secret: 'env:ci' } },
        site: {
          jwt: {
            preset: 'github-actions',
            audience: 'credmint',
            claims: { repository: 'acme/site', repository_id: '7' },
          },
        },
      },
      grants: usualGrants.map((grant, at) => (at === 0 ? { ...grant, callers: ['ci', 'site'] } : grant)),
    });
    try {
      const ask = async (asked: Readonly<Record<string, string>>) => {
        const body = new URLSearchParams({
          account: 'aws',
          operation: 'AssumeRole',
          role,
          caller: '',
          claims: '',
          ...asked,
        });
        const response = await shared.send('/console/access', {
          cookie: await shared.session(),
          method: 'POST',
          headers: { ...json, ...form },
          body: body.toString(),
        });
        const { whatIf } = (await response.json()) as Extract<PageView, { readonly page: 'access' }>;
        return whatIf;
      };
      const byKey = await ask({ caller: 'ci' });
      expect(byKey).toMatchObject({
        isAllowed: true,
        lines: [expect.stringMatching(/^Allowed: ci, by the grant deploy/)],
      });
      expect(byKey?.others).toMatchObject([
        { caller: 'site', grant: 'deploy', claims: expect.stringContaining('acme/site') },
      ]);

      const claims = byKey?.others[0]?.claims ?? '';
      expect(await ask({ claims })).toMatchObject({
        isAllowed: true,
        lines: [expect.stringMatching(/^Allowed: site/)],
        others: [{ caller: 'ci' }],
      });
      expect(await ask({ claims: claims.replaceAll('acme/site', 'evil/site') })).toMatchObject({
        isAllowed: false,
        lines: [expect.stringMatching(/^Refused: no caller: ClaimMismatch/), expect.stringContaining('repository')],
      });
      expect(await ask({ caller: 'ci', role: `${role}-2` })).toMatchObject({
        isAllowed: false,
        lines: [expect.stringContaining('No grant of this caller allows this role.')],
        others: [],
      });
      expect(await ask({ claims: 'aaaa.bbbb.cccc' })).toMatchObject({
        isAllowed: false,
        lines: ['That is a token, which nobody else should see: paste its claims alone.'],
      });
    } finally {
      await shared.close();
    }
  });

  it('tells of what happens while it is open', async () => {
    const cookie = await served.session();
    const target = `"target":"${role}-live"`;
    const told = await stream(served, cookie, target, () => served.mint('live', `${role}-live`));
    expect(told).toContain(target);
    expect(told).toMatch(/event: decisions\ndata: \[\{"requestId"/);
  });

  it('tells a stream that begins what happened before, which its page may have missed', async () => {
    const cookie = await served.session();
    await served.mint('missed', `${role}-missed`);
    const target = `"target":"${role}-missed"`;
    expect(await stream(served, cookie, target)).toContain(target);
  });

  it('holds no secret in anything that it sends', async () => {
    const leasing = await servePage(page, {
      leases: { nightly: { operation: 'AssumeRole', account: 'aws', role } },
      grants: [
        ...usualGrants,
        { name: 'keep', callers: ['leases'], account: 'aws', operations: ['AssumeRole'], roles: [role] },
      ],
    });
    try {
      const minted = (await (await leasing.mint('one')).json()) as {
        readonly credentials: { readonly secretAccessKey: string; readonly sessionToken: string };
      };
      await leasing.mint('two', `${role}-refused`);
      await leasing.cloud.came(2);
      const cookie = await leasing.session();
      let all = await stream(leasing, cookie, '"state":"fresh"');
      for (const path of consolePaths.filter((one) => !one.endsWith('/live'))) {
        for (const headers of [{}, json]) all += await (await leasing.send(path, { cookie, headers })).text();
      }
      const { decisions } = await view('/console/decisions', 'decisions', leasing);
      for (const { requestId } of decisions) {
        all += await (await leasing.send(`/console/record?id=${requestId}`, { cookie })).text();
      }
      expect(all).toContain('nightly');
      const { secretAccessKey, sessionToken } = minted.credentials;
      for (const secret of [...Object.values(secrets), secretAccessKey, sessionToken, 'secret-', 'token-', cookie]) {
        expect(all).not.toContain(secret);
      }
    } finally {
      await leasing.close();
    }
  });

  it('has no inline script or style, and loads nothing from elsewhere', async () => {
    const cookie = await served.session();
    for (const path of ['/console', '/console/leases', '/console/decisions', '/console/access']) {
      const html = await (await served.send(path, { cookie })).text();
      expect(html).not.toMatch(
        /<script(?![^>]* src="\/console\/| type="application\/json")|<style| style=| on[a-z]+="/,
      );
      expect([...html.matchAll(/ (?:src|href|action)="([^"]*)"/g)].map(([, to]) => to)).toSatisfy((list: string[]) =>
        list.every((to) => to.startsWith('/console') || to.startsWith('#')),
      );
    }
  });

  it('has its view in the document as data, which no text in it ends', async () => {
    const cookie = await served.session();
    const text = '</script><script>alert(1)</script><!--';
    const html = await (await served.send(`/console/decisions?text=${encodeURIComponent(text)}`, { cookie })).text();
    const [, data = ''] = /<script type="application\/json" id="view">(.*?)<\/script>/s.exec(html) ?? [];

    expect(JSON.parse(data)).toMatchObject({ page: 'decisions', filter: { text } });
    expect(html).not.toContain('<script>');
  });

  it('says to whoever may look that it was not built', async () => {
    const unbuilt = await servePage(undefined);
    try {
      expect((await unbuilt.send('/console')).status).toBe(401);
      const response = await unbuilt.send('/console', { as: 'ops' });
      expect(response.status).toBe(503);
      expect(await response.text()).toContain('npm run build:console');
    } finally {
      await unbuilt.close();
    }
  });
});
