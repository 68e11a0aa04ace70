import { type AccountNow, type EndingCounts, endings, type NowView } from '../lib/console/view.ts';
import { Bar } from './bar.tsx';
import { none, plus } from './ending-counts.ts';
import { count, rate } from './format.ts';

const Calls = ({ account }: { readonly account: AccountNow }) => {
  const { callsPerSecond, peakPerSecond = 0, ceilingPerSecond } = account;
  if (callsPerSecond === undefined) return <span class="faint">in process</span>;
  if (ceilingPerSecond === undefined) {
    return (
      <>
        {rate(callsPerSecond)}/s <span class="faint">no ceiling known</span>
      </>
    );
  }
  const share = callsPerSecond / ceilingPerSecond;
  return (
    <span class="time-left">
      <Bar
        share={share}
        tone={share > 0.9 ? 'bad' : share > 0.6 ? 'warn' : 'plain'}
        mark={peakPerSecond === 0 ? undefined : peakPerSecond / ceilingPerSecond}
      />
      <span class="number">
        {rate(callsPerSecond)} <span class="faint">of {rate(ceilingPerSecond)}/s</span>
      </span>
    </span>
  );
};

const Circuit = ({ circuitIsOpen, callsPerSecond }: AccountNow) => {
  if (callsPerSecond === undefined) return null;
  if (circuitIsOpen === undefined) return <span class="faint">not asked yet</span>;
  return circuitIsOpen ? <span class="tag tag-failed">open</span> : <span class="tag tag-ok">closed</span>;
};

/** What was asked of each account, and what it asks of its cloud. */
export const AccountTable = ({ now: { minutes, accounts } }: { readonly now: NowView }) => {
  const byAccount = new Map<string, EndingCounts>();
  for (const minute of minutes) {
    for (const [name, counts] of Object.entries(minute.accounts)) {
      byAccount.set(name, plus(byAccount.get(name) ?? none, counts));
    }
  }
  const unplaced = byAccount.get('');

  return (
    <section class="panel" aria-labelledby="accounts">
      <h2 id="accounts">Accounts, last hour</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard (axe: scrollable-region-focusable) */}
      <section class="scrolls" aria-label="Accounts" tabIndex={0}>
        <table class="accounts">
          <caption class="unseen">
            What was asked of each account in the last hour, and what it asks of its cloud
          </caption>
          <thead>
            <tr>
              <th scope="col">Account</th>
              {endings.map((ending) => (
                <th key={ending} scope="col" class="number">
                  {ending}
                </th>
              ))}
              <th scope="col">Calls to the cloud</th>
              <th scope="col">Circuit</th>
            </tr>
          </thead>
          <tbody>
            {accounts.map((account) => (
              <tr key={account.name}>
                <th scope="row">
                  {account.name}
                  {account.cloud === account.name ? null : <small>{account.cloud}</small>}
                </th>
                {endings.map((ending) => {
                  const value = byAccount.get(account.name)?.[ending] ?? 0;
                  return (
                    <td key={ending} class={value === 0 ? 'number faint' : `number count-${ending}`}>
                      {count(value)}
                    </td>
                  );
                })}
                <td>
                  <Calls account={account} />
                </td>
                <td>
                  <Circuit {...account} />
                </td>
              </tr>
            ))}
            {unplaced === undefined ? null : (
              <tr>
                <th scope="row">
                  <span class="faint">before an account was known</span>
                </th>
                {endings.map((ending) => (
                  <td key={ending} class={unplaced[ending] === 0 ? 'number faint' : `number count-${ending}`}>
                    {count(unplaced[ending])}
                  </td>
                ))}
                <td />
                <td />
              </tr>
            )}
          </tbody>
        </table>
      </section>
    </section>
  );
};
