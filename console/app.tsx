import type { DecisionFilter, PageView, WhatIf } from '../lib/console/view.ts';
import { AccessPage } from './access-page.tsx';
import { DecisionsPage } from './decisions-page.tsx';
import { Frame, type Liveness } from './frame.tsx';
import { LeasesPage } from './leases-page.tsx';
import { NowPage } from './now-page.tsx';
import { RecordPage } from './record-page.tsx';

/** What a person may do: choose what is shown. */
export interface Actions {
  readonly filterDecisions: (filter: DecisionFilter) => void;
  readonly filter: (filter: string) => void;
  readonly ask: (asked: WhatIf) => Promise<void>;
}

interface AppProps {
  readonly view: PageView;
  readonly liveness: Liveness;
  /** Why the last question could not be answered. */
  readonly problem?: string | undefined;
  /** The instant that spans are counted from, in milliseconds since 1970. */
  readonly clock: number;
  readonly actions: Actions;
}

const pageOf = ({ view, clock, actions }: AppProps) => {
  switch (view.page) {
    case 'now':
      return <NowPage view={view} clock={clock} />;
    case 'leases':
      return <LeasesPage view={view} clock={clock} onFilter={actions.filter} />;
    case 'decisions':
      return <DecisionsPage view={view} onFilter={actions.filterDecisions} />;
    case 'record':
      return <RecordPage view={view} />;
    case 'access':
      return <AccessPage view={view} onFilter={actions.filter} onAsk={actions.ask} />;
  }
};

/** The page, the same on the server and in the browser. */
export const App = (props: AppProps) => (
  <Frame view={props.view} liveness={props.liveness} problem={props.problem}>
    {pageOf(props)}
  </Frame>
);
