import type { ComponentChildren } from 'preact';
import type { PageView } from '../lib/console/view.ts';
import { clockTime } from './format.ts';

/** Whether what happens arrives by itself. `still`: without scripts, or before they run. */
export type Liveness = 'live' | 'waiting' | 'still' | 'over';

const sections = [
  { page: 'now', path: '/console', title: 'Now' },
  { page: 'decisions', path: '/console/decisions', title: 'Decisions' },
  { page: 'leases', path: '/console/leases', title: 'Leases' },
  { page: 'access', path: '/console/access', title: 'Who can get what' },
] as const;

const livenessWords: Readonly<Record<Liveness, string>> = {
  live: 'Live',
  waiting: 'Reconnecting',
  still: 'As it was loaded',
  over: 'Session over',
};

interface FrameProps {
  readonly view: PageView;
  readonly liveness: Liveness;
  readonly problem: string | undefined;
  readonly children: ComponentChildren;
}

/** What stands around every page. */
export const Frame = ({ view, liveness, problem, children }: FrameProps) => (
  <>
    <a class="skip" href="#main">
      Skip to the content
    </a>
    <header class="top">
      <a class="brand" href="/console">
        <svg class="brand-mark" viewBox="0 0 20 20" aria-hidden="true">
          <path d="M10 1.5 17.5 5v5c0 4.4-3.1 7.3-7.5 8.5C5.6 17.3 2.5 14.4 2.5 10V5z" />
          <path class="brand-check" d="m6.6 10 2.4 2.4 4.4-4.8" />
        </svg>
        credmint
      </a>
      <nav aria-label="Pages">
        <ul>
          {sections.map(({ page, path, title }) => {
            const isHere = view.page === page || (view.page === 'record' && page === 'decisions');
            return (
              <li key={page}>
                <a href={path} aria-current={isHere ? 'page' : undefined}>
                  {title}
                </a>
              </li>
            );
          })}
        </ul>
      </nav>
      <p class="who">
        <span class={`liveness liveness-${liveness}`} role="status">
          {livenessWords[liveness]}
        </span>
        <span>
          <b>{view.viewer}</b> until <time dateTime={view.until}>{clockTime(view.until).slice(0, 5)}</time> UTC
        </span>
      </p>
    </header>
    {liveness === 'over' ? (
      <p class="notice" role="alert">
        This session is over: what you see is no longer new. Ask for another link, as docs/console.md says.
      </p>
    ) : null}
    {problem === undefined ? null : (
      <p class="notice" role="alert">
        {problem}
      </p>
    )}
    <main id="main" tabIndex={-1}>
      {children}
    </main>
    <footer class="bottom">
      credmint {view.version}. This page reads and changes nothing; it shows this process alone. Times are UTC.
    </footer>
  </>
);
