import type { AuditTrail, AuditTrailState } from '../audit/trail.ts';
import type { BrokerDeps } from '../broker/deps.ts';
import type { Config } from '../config/load.ts';
import type { AuditLog } from '../core/audit.ts';
import { carried } from '../core/carried.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { Store } from '../core/store.ts';
import type { MintStats } from '../mint/counters.ts';
import type { Mint } from '../mint/mint.ts';
import type { Answerer } from '../platform/answer.ts';
import { storeBreaker } from '../stores/store-breaker.ts';
import { emf } from '../telemetry/emf.ts';
import { type Log, silentLog } from '../telemetry/log.ts';
import { requestLog } from '../telemetry/request-log.ts';
import { tracedAudit } from '../telemetry/traced-audit.ts';
import { answererOf } from './answerer.ts';
import { boundedWriter } from './bounded-writer.ts';
import { clockOf } from './clock.ts';
import { compose } from './compose.ts';
import { keepsMint, refuseFixedChanges } from './configuration-changes.ts';
import type { AppDeps, ProcessDeps } from './deps.ts';
import { faultLog } from './fault-log.ts';
import type { FunctionSpec } from './function-spec.ts';
import { storeInWords } from './in-words.ts';
import { openStore } from './open-store.ts';
import { openTrail } from './open-trail.ts';

/** A configuration that is being served: its store and its audit trail are open. */
export interface App {
  readonly answer: Answerer;
  readonly config: Config;
  readonly store: Store;
  readonly brokerDeps: BrokerDeps;
  stats(): MintStats;
  /**
   * Serves another reading of the configuration from now on, whole. Throws a ConfigError, and changes nothing, if it
   * differs in what only a new process can change.
   */
  reload(config: Config): void;
  /** Ends the audit trail, before the signal is aborted, and closes the store; after that nothing is minted. */
  close(deadline?: { readonly signal: AbortSignal }): Promise<void>;
  /** How the audit trail is doing. */
  trailState(): AuditTrailState;
  /** Whether the store does not answer, and is left alone. */
  isStoreDown(): boolean;
}

/** What metrics are written as. A function is built without what its configuration does not ask for. */
const metrics = {
  emf,
};

/** How long the end of the audit trail may take, in milliseconds. */
const maxCloseMs = 10_000;

/** A store or an audit log that is handed in is used in place of the configuration's, and not closed. */
type CreateAppDeps = ProcessDeps & Partial<Pick<AppDeps, 'store' | 'audit'>>;

/**
 * Opens the store and the audit trail of a configuration, and composes what serves it. `observe` sees every audit
 * record on its way to the trail.
 *
 * @example
 * const app = await createApp(spec, await openConfig(deps), deps);
 * const response = await app.answer(raw, 10_000);
 * await app.close();
 */
export const createApp = async (
  spec: FunctionSpec,
  config: Config,
  deps: CreateAppDeps,
  observe: (audit: AuditLog) => AuditLog = (audit) => audit,
): Promise<App> => {
  const log = deps.log ?? silentLog;
  const clock = clockOf(deps);
  const breaker = storeBreaker(clock, faultLog(log, 'the store', { store: storeInWords(config.store) }, clock));
  const store =
    deps.store === undefined ? await openStore(config.store, deps, breaker) : { ...deps.store, close: keepOpen };
  const trail =
    deps.audit === undefined
      ? await openTrail(config.audit, { ...deps, shared: { store, kind: config.store.kind } })
      : handedIn(deps.audit);
  const stats = (): MintStats => current.brokerDeps.mint.stats();
  const withEmf =
    config.emf === undefined
      ? trail.record
      : carried(metrics.emf, 'emf')(trail.record, stats, config.emf.namespace, figuresOut(log));
  const shared = deps.store === undefined && config.store.kind !== 'memory';
  const audit = tracedAudit(requestLog(log)(observe(withEmf)));
  const appDeps = { ...deps, store, shared, audit, outlasting: {}, own: () => current.brokerDeps };
  const served = (next: Config, mint?: Mint) => {
    const brokerDeps = compose(spec, next, { ...appDeps, ...omitUndefined({ mint }) });
    return { config: next, brokerDeps, answer: answererOf(spec, brokerDeps, deps.tracing) };
  };
  let current = served(config);
  return {
    // A request is answered to its end by the configuration that it began with.
    answer: (raw, deadlineMs) => current.answer(raw, deadlineMs),
    get config() {
      return current.config;
    },
    get brokerDeps() {
      return current.brokerDeps;
    },
    reload: (next) => {
      refuseFixedChanges(current.config, next);
      current = served(next, keepsMint(current.config, next) ? current.brokerDeps.mint : undefined);
    },
    store,
    stats,
    trailState: trail.state,
    isStoreDown: breaker.isOpen,
    close: async (deadline = { signal: AbortSignal.timeout(maxCloseMs) }) => {
      try {
        await trail.close(deadline);
      } finally {
        await store.close();
      }
    },
  };
};

/** A log that is handed in is its owner's to close. */
const handedIn = (record: AuditLog): AuditTrail => ({
  record,
  state: () => ({ waiting: 0, stalledMs: 0, takesRecords: true }),
  close: keepOpen,
});

const keepOpen = async (): Promise<void> => undefined;

/** Lines of figures go where the platform reads them; what it does not read in time is lost, as a figure may be. */
const figuresOut = (log: Log): ((line: string) => void) => {
  const write = boundedWriter(process.stdout, (count) =>
    log('warn', 'lines of figures were dropped, as nobody read standard output', { count }),
  );
  return (line) => write(`${line}\n`);
};
